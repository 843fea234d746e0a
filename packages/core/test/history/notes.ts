import type { Billed } from '../../src/index.ts';

// What is written down while a history runs. The checker reads nothing else, so that it judges any engine alike.
// Every `at` is in milliseconds of the virtual clock since the history began.

export type HostName = 'wavespeed' | 'apiframe';

/** A request to make a picture, as the host saw it. */
export interface SubmitNote {
  readonly n: number;
  readonly host: HostName;
  /** Whose: the group of processes that share a ledger. */
  readonly ledger: string;
  readonly client: string;
  /** Host, path and body in one canonical form. */
  readonly words: string;
  readonly key: string | undefined;
  readonly at: number;
  /** What the client can know of it: a job of its own, somebody else's, a refusal, that it never left; or nothing. */
  told: 'job' | 'foreign' | 'refused' | 'unconnected' | 'nothing';
  /** What it came to at the host, perhaps after everybody gave up. */
  job: string | undefined;
}

/** A job at a host. */
export interface JobNote {
  readonly id: string;
  readonly host: HostName;
  readonly words: string;
  /** The submit that made it; absent: another program's. */
  readonly submit: number | undefined;
  readonly madeAt: number;
  /** The charge stays for good. */
  kept: boolean;
  /** It ends with a picture. */
  readonly completes: boolean;
  /** When a client was first told that it failed. */
  failedShownAt: number | undefined;
}

/** An event that a ledger made durable, whoever learned of it. */
export interface LedgerNote {
  readonly ledger: string;
  readonly client: string;
  readonly intentId: string;
  readonly at: number;
  readonly type: string;
  readonly words?: string | undefined;
  readonly key?: string | undefined;
  readonly job?: string | undefined;
  /** How the job is known to be the intent's. */
  readonly proof?: string | undefined;
}

/** A call of the library. Without `ended` it may have happened. */
export interface CallNote {
  readonly n: number;
  readonly client: string;
  readonly ledger: string;
  readonly kind: 'generate' | 'submit' | 'wait' | 'resume';
  readonly begun: number;
  readonly timeout: number;
  /** The process died; the call never returns. */
  crashed: boolean;
  ended: number | undefined;
  /** Milliseconds that the caller's own `deliver` took. */
  delivering: number;
}

/** What a caller was told of an intent. */
export interface ToldNote {
  readonly call: number;
  readonly ledger: string;
  readonly intentId: string;
  readonly at: number;
  /** `'job error'` speaks of a job that somebody waited for, and not of all that its intent has done. */
  readonly what: 'picture' | 'job' | 'error' | 'job error' | 'own reason' | 'untyped';
  readonly billed: Billed;
  readonly code?: string | undefined;
  readonly jobs: readonly string[];
  readonly candidates: readonly string[];
  /** Jobs of attempts that were told to have cost nothing. */
  readonly free: readonly string[];
  readonly message?: string | undefined;
  /** It speaks of this one picture, and not of the others of its call. */
  readonly alone?: boolean;
}

/** One run of the caller's `deliver`. */
export interface DeliveryNote {
  readonly call: number;
  readonly ledger: string;
  readonly intentId: string;
  readonly job: string;
  readonly begun: number;
  /** Absent while it runs, or if it threw. */
  ended: number | undefined;
}

/** Somebody looked at the host's page and said what became of an intent. */
export interface HumanNote {
  readonly ledger: string;
  readonly intentId: string;
  readonly at: number;
  /** The job that was adopted; absent: there is none. */
  readonly job?: string | undefined;
}

export interface IntentNote {
  readonly ledger: string;
  readonly id: string;
  /** `onAmbiguous: 'proceed'`: the caller allows a second payment. */
  readonly proceeds: boolean;
}

export interface History {
  readonly seed: number;
  /** What kind of world it was, in words. */
  readonly setting: string;
  readonly intents: readonly IntentNote[];
  readonly submits: readonly SubmitNote[];
  readonly jobs: readonly JobNote[];
  readonly entries: readonly LedgerNote[];
  readonly calls: readonly CallNote[];
  readonly told: readonly ToldNote[];
  readonly deliveries: readonly DeliveryNote[];
  readonly humans: readonly HumanNote[];
  /** Clients that died. */
  readonly crashes: readonly { readonly client: string; readonly at: number }[];
  /** `ledger intentId` of what the ledgers still call open at the end. */
  readonly open: readonly string[];
  /** The hosts that tell enough of every job to name a lost one. */
  readonly nameable: readonly HostName[];
}

/** One text for equal words. */
export const toWords = (host: HostName, path: string, body: unknown): string =>
  `${host} ${path} ${JSON.stringify(sortKeys(body))}`;

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sortKeys(member)]));
}

/** With `n`, the intent of each picture has the id of the call before a `#`. */
export const baseOf = (intentId: string): string => intentId.replace(/#.*$/, '');
