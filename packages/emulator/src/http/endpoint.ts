import type { Fault, RequestKind } from '../faults/fault.ts';
import type { World } from '../world.ts';
import type { Call, Reply } from './message.ts';

/** One request as a host's handler sees it. */
export interface Exchange {
  readonly world: World;
  readonly call: Call;
  /** Scheme, name and port that the caller used. */
  readonly origin: string;
  readonly bytes: Uint8Array;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
  /** The accepted key of the caller, or an empty text on open endpoints. */
  readonly apiKey: string;
  readonly fault: Fault | undefined;
  /** It comes from somebody else who has the same key. */
  readonly foreign?: true;
}

export type Handler = (exchange: Exchange, ...parts: string[]) => Reply | Promise<Reply>;

/** A row of a host's route table. The groups of `path` are the parts handed on to the handler. */
export interface Endpoint {
  readonly method: string;
  readonly path: RegExp;
  readonly kind: RequestKind;
  /** Answers without a key. */
  readonly open?: true;
  /** Of an open endpoint with a body: whether that place is there. */
  readonly admits?: (world: World, ...parts: string[]) => boolean;
  readonly handle: Handler;
}

export interface HostApi {
  readonly endpoints: readonly Endpoint[];
  /** The caller's key, or the refusal. */
  authenticate(call: Call, keys: readonly string[]): string | Reply;
  notFound(path: string): Reply;
}
