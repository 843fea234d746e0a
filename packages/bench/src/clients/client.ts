import type { Pace } from '@imageport/core';
import type { Phase } from '../fault-table.ts';
import type { WarmOptions } from '../performance/learned.ts';
import type { ServiceName } from '../servers/start.ts';
import type { Target } from '../servers/test-server.ts';

/** What a call brought. */
export interface Delivery {
  readonly pictures: number;
  /** Everything the caller now holds, to be searched for job ids. */
  readonly held: unknown;
  /** When the second host of a route was asked, by the clock of the machine. */
  readonly asked?: number | undefined;
}

/** How a client is set up where it is not left as its README shows it. A client takes what concerns it. */
export interface Setup {
  /** Milliseconds between two polls. */
  readonly poll?: number;
  /** No picture is fetched that the client does not fetch by itself. */
  readonly bare?: true;
  /** No name is known of the host. */
  readonly nameless?: true;
  readonly ours?: OurSetup;
}

export interface OurSetup {
  /** The base URL stays the host's own, and `fetch` finds it on this machine: a host here is polled far more often. */
  readonly far?: true;
  /** What the family table says, instead of what it does say. */
  readonly latency?: { readonly median: number; readonly sigma: number };
  /** A learned schedule, and what it has learned already. */
  readonly learned?: WarmOptions;
  readonly pace?: Pace;
  /** One request polls many jobs. */
  readonly bulkPoll?: true;
  /** Where the other host is, which comes second in the route. */
  readonly second?: Target;
}

/** A client that is set up and about to make pictures. */
export interface Session {
  /** One picture with default settings, as the client's README shows it, within so many milliseconds where they are given. */
  run(deadline?: number, words?: string): Promise<Delivery>;
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
  open(target: Target, setup?: Setup): Promise<Session>;
}

/** The prompt of a call. */
export const prompt = 'a cat on a red roof';

/** A signal for a deadline, where there is one. */
export const until = (deadline: number | undefined): { signal?: AbortSignal } =>
  deadline === undefined ? {} : { signal: AbortSignal.timeout(deadline) };

/** A fetch that finds a service's own address on this machine. */
export function reroute(from: string, to: string): typeof fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!address.startsWith(from)) return fetch(input, init);
    const there = to + address.slice(from.length);
    return input instanceof Request ? fetch(new Request(there, input), init) : fetch(there, init);
  };
}
