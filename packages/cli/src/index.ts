export type { Io, Signal, Terminal } from './io.ts';
export { main } from './main.ts';
