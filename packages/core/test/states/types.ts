import type { Billed } from '../../src/contract/result.ts';
import type { LedgerEvent, LedgerRecord } from '../../src/ledger/facts.ts';
import type { Ending, Fact, IntentState, Sending } from '../../src/ledger/state.ts';

/** What may happen in a world, and how often. Everything that is not named cannot happen. */
export interface Setting {
  readonly intents: number;
  /** Which intent each process works for. */
  readonly processes: readonly number[];
  /** All intents are for the same words. */
  readonly equal?: boolean;
  readonly ledgerOf?: readonly number[];
  readonly exclusive?: boolean;
  readonly marked?: boolean;
  readonly keyed?: boolean;
  readonly lists?: boolean;
  readonly proceed?: boolean;
  /** Models of the route; those after the first answer at once and well. */
  readonly models?: number;
  /** Milliseconds that a call has: how often it can search. */
  readonly remaining?: number;
  readonly claims: number;
  readonly crashes?: number;
  /** Aborts by callers, and deadlines. */
  readonly aborts?: number;
  readonly deadlines?: number;
  /** Settlings by a person. */
  readonly humans?: number;
  /** Appends whose reply is lost: told as an error, or written again. */
  readonly lostReplies?: number;
  readonly rewrites?: number;
  /** A lease may run out while its holder still works. */
  readonly steal?: boolean;
  /** Submits at most. */
  readonly sends: number;
  /** Reads of the ledger in one search are told apart. */
  readonly fine?: boolean;
  /** Milliseconds by which the clock of the processes is ahead of the host's. */
  readonly skew?: number;
  readonly host: HostSetting;
  /** Parts of the environment that a rule demands, taken out. */
  readonly without?: readonly string[];
}

export interface HostSetting {
  /** Jobs are done as soon as they are accepted. */
  readonly instant?: boolean;
  readonly refuses?: boolean;
  /** Answers 429: nothing was accepted, and the same may be sent again. */
  readonly limits?: boolean;
  readonly unreachable?: boolean;
  /** How jobs may fail. */
  readonly fails?: readonly ('refunded' | 'pending' | 'kept' | 'silent' | 'deleted')[];
  /** A failed job turns out completed after it was seen once, or at any time. */
  readonly reverses?: 'soon' | 'late';
  readonly pages?: boolean;
  /** Errors that carry an id: of nothing, or of the very job. */
  readonly oddIds?: boolean;
  /** A success may name a job that another intent has. */
  readonly wrongJob?: boolean;
  /** A free job of the account, older than every send. */
  readonly oldJob?: boolean;
  readonly misses?: boolean;
  readonly slowNetwork?: boolean;
  /** Another program submits the same words with the same key. */
  readonly outsider?: boolean;
}

/** An interned value: equal values have equal ids. */
export interface Ref<Value> {
  readonly id: number;
  readonly value: Value;
}

export type Op =
  | { readonly op: 'learn'; readonly fact: Fact; readonly quiet?: true; readonly again?: true }
  | { readonly op: 'close'; readonly ending: Ending }
  /** `sending`: written before, but the reply was lost. */
  | { readonly op: 'write'; readonly repeat: boolean; readonly sending?: Sending }
  | { readonly op: 'bytes'; readonly sending: Sending; readonly before: number; readonly wire: number }
  | { readonly op: 'wait'; readonly wire: number; readonly sending: Sending }
  | { readonly op: 'lookup' | 'rivals' | 'list' | 'owners' | 'decide' | 'end' }
  | { readonly op: 'poll' | 'deliver'; readonly job: string }
  | { readonly op: 'fail'; readonly ending: Ending }
  /** Without `billed`: what the log says at that moment. */
  | { readonly op: 'tell'; readonly billed?: Billed; readonly ending?: Ending };

/** One caller: a run of an intent in some process, or nothing. */
export interface Process {
  on: boolean;
  run: number;
  fence: number;
  /** -1: unknown. */
  length: number;
  lost: boolean;
  replayed: boolean;
  refunds: boolean;
  /** Its lease ran out, by its own clock. */
  expired: boolean;
  late: boolean;
  aborted: boolean;
  undoing: boolean;
  state: Ref<IntentState>;
  todo: readonly Ref<Op>[];
  /** Writes that go on without their caller, one after the other; the first that fails ends them. */
  behind: readonly Ref<Behind>[];
  candidates: string;
  /** The rivals that were read before the list: the id of an interned list, or -1. */
  before: number;
  listed: readonly string[];
}

export interface Behind {
  readonly event?: LedgerEvent;
  readonly fence: number;
  readonly length: number;
  readonly chained?: boolean;
  /** Gives the intent back. */
  readonly release?: string;
}

export const submitStates = { written: 0, out: 1, accepted: 2, dropped: 3, refused: 4, limited: 5, unsent: 6 } as const;
export const jobStates = {
  ...{ none: 0, running: 1, completed: 2, refunded: 3, pending: 4, kept: 5, silentKept: 6, silentBack: 7, deleted: 8 },
} as const;

/** One submit at the host, and the job that it made. */
export interface Wire {
  intent: number;
  /** Names the send of `maker` whose job it is: both are exchanged where equal jobs are taken by count. */
  token: string;
  model: number;
  words: string;
  key: string;
  mark: number;
  submit: number;
  /** Who waits for the answer, or -1. */
  listener: number;
  /** Whose job the answer names. */
  answer: number;
  job: number;
  made: number;
  /** When it was made: see `World.era`. */
  era: number;
  /** 0 not in the list yet, 1 on its first page, 2 further down. */
  listed: number;
  reverses: boolean;
  /** Whose money it is, after jobs were exchanged by count. */
  maker: number;
}

export interface Hold {
  owner: string;
  fence: number;
  held: boolean;
}

export interface World {
  records: Ref<LedgerRecord>[];
  holds: Hold[];
  processes: Process[];
  wires: Wire[];
  tick: number;
  /** 0 the key is fresh, 1 it is near its end, 2 the host has forgotten it. */
  era: number;
  claims: number;
  crashes: number;
  aborts: number;
  deadlines: number;
  humans: number;
  lostReplies: number;
  rewrites: number;
  /** Of each intent: charges that its people allowed beyond the first, and submits that somebody called free. */
  allowed: number[];
  free: number[];
  /** Of each intent: the submit that it gave for a job taken by count, or -1; and the jobs handed to its caller. */
  swapped: number[];
  got: number[];
  bad: string;
}
