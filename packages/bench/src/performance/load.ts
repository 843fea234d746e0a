import { readFileSync } from 'node:fs';
import { show, sum } from './numbers.ts';
import { children } from './remote.ts';

/** How many processors other programs kept busy since the meter was started; undefined where the system does not say. */
export type LoadMeter = () => number | undefined;

/** Ticks a second of the figures in /proc. */
const hertz = 100;

/** Measures what the machine did besides this process and those that it started. */
export function startLoadMeter(): LoadMeter {
  const begun = performance.now();
  const before = foreignTicks();
  return () => {
    const after = foreignTicks();
    const seconds = (performance.now() - begun) / 1000;
    return before === undefined || after === undefined ? undefined : Math.max(0, (after - before) / hertz / seconds);
  };
}

export const showLoad = (load: number | undefined): string => (load === undefined ? '–' : show(load));

/** The content of a file below /proc. */
type Read = (path: string) => string;

const readProc: Read = (path) => readFileSync(`/proc/${path}`, 'utf8');

/** What all processors did since the machine was started, less this process and those that it started. */
export function foreignTicks(read: Read = readProc, pids: Iterable<number> = children): number | undefined {
  try {
    return busyTicks(read) - ownTicks(read, 'self') - sum([...pids].map((pid) => ownTicks(read, `${pid}`)));
  } catch {
    return undefined;
  }
}

/** All that any processor did, and what another guest of the machine took away. */
function busyTicks(read: Read): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    read('stat').split('\n', 1)[0]?.split(/\s+/).map(Number) ?? [];
  return user + nice + system + irq + softirq + steal;
}

/** Of a process and of its children that have ended. */
function ownTicks(read: Read, pid: string): number {
  try {
    const fields = read(`${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    return sum(fields.slice(11, 15).map(Number));
  } catch (error) {
    // It has ended, and its time is counted with its parent's.
    if (pid !== 'self') return 0;
    throw error;
  }
}
