export { createEmulator, type Emulator, type ProviderOptions } from './emulator.ts';
export { type Fault, faultActions, type JobFault, type JsonObject, type RequestKind } from './faults/fault.ts';
export type { UnfiredFault } from './faults/plan.ts';
export type { Listening } from './http/server.ts';
export type { Charge, JobRecord } from './jobs/report.ts';
export type { EmulatorOptions, GenerationTime, Host, WebhookOptions } from './options.ts';
export type { RequestRecord } from './world.ts';
