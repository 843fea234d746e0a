import type { Phase } from '../fault-table.ts';
import type { ServiceName } from '../servers/start.ts';
import type { Target } from '../servers/test-server.ts';

/** What a call brought. */
export interface Delivery {
  readonly pictures: number;
  /** Everything the caller now holds, to be searched for job ids. */
  readonly held: unknown;
}

/** A client that is set up and about to make one picture. */
export interface Session {
  /** One picture with default settings, as the client's README shows it, within so many milliseconds. */
  run(deadline: number): Promise<Delivery>;
  /** What is left with the caller besides the result or the error: a ledger, or what came before the last step failed. */
  kept?(): Promise<unknown>;
  /** What the library offers afterwards for a call that failed. */
  resume?(): Promise<unknown>;
}

/** One column of the bench. */
export interface Client {
  readonly name: string;
  /** The npm packages at work. */
  readonly packages: readonly string[];
  readonly service: ServiceName;
  /** The steps that the client does by itself; faults in others say nothing about it. */
  readonly phases: readonly Phase[];
  /** The call, and how the deadline is given, in words. */
  readonly call: string;
  /** It is ours: anything but one paid submit, no lost id and no overshoot is a defect. */
  readonly ours?: true;
  /** Loads the client only now, so that a worker pays for no other. */
  open(target: Target): Promise<Session>;
}

/** The prompt of every call. */
export const prompt = 'a cat on a red roof';

/** A fetch that finds a service's own address on this machine. */
export function reroute(from: string, to: string): typeof fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    return fetch(address.startsWith(from) ? to + address.slice(from.length) : input, init);
  };
}
