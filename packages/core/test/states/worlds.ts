import type { HostSetting, Setting } from './types.ts';

const pair: Setting = {
  ...{ intents: 2, processes: [0, 1], equal: true, exclusive: true, claims: 3, sends: 2, remaining: 1_300, host: {} },
};
const one: Setting = { intents: 1, processes: [0], claims: 2, sends: 2, remaining: 3_000, host: {} };

const of = (base: Setting, change: Partial<Setting>, host: HostSetting = {}): Setting => ({ ...base, ...change, host });

/** Bounded worlds: in each of them everything that can happen does. */
const every = ['refunded', 'kept', 'silent', 'deleted'] as const;
const twice: Setting = { ...one, processes: [0, 0], steal: true, claims: 3 };

/** Bounded worlds: in each of them everything that can happen does. */
export const worlds: Readonly<Record<string, Setting>> = {
  'one intent': of(
    one,
    { crashes: 1, aborts: 1, deadlines: 1, fine: true, exclusive: true },
    { refuses: true, misses: true },
  ),
  'one intent, failures, fallback': of(
    one,
    { crashes: 1, deadlines: 1, models: 2, remaining: 6_000, sends: 3 },
    { fails: every, refuses: true, reverses: 'soon' },
  ),
  'one intent, repeats': of(
    one,
    { remaining: 30_000, aborts: 1, deadlines: 1, claims: 1, sends: 4 },
    { limits: true, unreachable: true, refuses: true },
  ),
  'one intent, refunds': of(
    one,
    { deadlines: 1, models: 2, remaining: 6_000, claims: 3, sends: 3 },
    { fails: ['pending'], refuses: true },
  ),
  'one intent, proceed': of(
    one,
    { models: 2, proceed: true, remaining: 7_000, crashes: 1, sends: 3, exclusive: true },
    { refuses: true, fails: ['refunded'] },
  ),
  'one intent, lost replies of the ledger': of(
    one,
    { lostReplies: 2, crashes: 1, exclusive: true },
    { refuses: true, fails: ['refunded'] },
  ),
  'one intent, replies written again': of(
    one,
    { rewrites: 3, crashes: 1, steal: true, processes: [0, 0], exclusive: true },
    { refuses: true, instant: true },
  ),
  'one intent, odd ids': of(one, { crashes: 1, deadlines: 1, exclusive: true }, { oddIds: true, refuses: true }),
  'one intent, a person settles': of(
    one,
    { humans: 1, crashes: 1, claims: 3, sends: 3, exclusive: true },
    { refuses: true, fails: ['refunded'] },
  ),
  'one intent, taken over': of(
    twice,
    { claims: 2, crashes: 1, aborts: 1, exclusive: true },
    { refuses: true, instant: true },
  ),
  'one intent, taken over, fallback': of(
    twice,
    { claims: 2, models: 2, remaining: 6_000, sends: 3, exclusive: true },
    { refuses: true, fails: ['refunded'] },
  ),
  'one intent, taken over, a person settles': of(
    twice,
    { humans: 1, sends: 3, exclusive: true },
    { refuses: true, instant: true },
  ),
  keyed: of(
    one,
    { keyed: true, remaining: 6_000, lists: false, crashes: 1, sends: 3, deadlines: 1 },
    { refuses: true, fails: ['refunded'] },
  ),
  'keyed, taken over': of(
    twice,
    { keyed: true, remaining: 6_000, lists: false, claims: 2, sends: 3 },
    { refuses: true, instant: true },
  ),
  'keyed, fallback': of(
    one,
    { keyed: true, models: 2, remaining: 6_000, sends: 4, claims: 1 },
    { refuses: true, fails: ['refunded'] },
  ),
  'keyed, listed': of(pair, { keyed: true, claims: 2, crashes: 1 }, { instant: true }),
  'equal words': of(pair, { crashes: 1 }, { instant: true }),
  'equal words, aborts': of(pair, { claims: 2, aborts: 1 }, { instant: true }),
  'equal words, jobs that run': of(pair, { claims: 2 }, { fails: ['refunded'] }),
  'equal words, one settled by a person': of(pair, { claims: 2, humans: 1 }, { instant: true }),
  'equal words, reads told apart': of(pair, { fine: true, claims: 2 }, { instant: true }),
  'equal words, refusals, fallback': of(
    pair,
    { models: 2, remaining: 5_100, sends: 3, claims: 2 },
    { instant: true, refuses: true },
  ),
  'equal words, pages, odd ids': of(pair, { claims: 2 }, { pages: true, oddIds: true, instant: true }),
  'equal words, a person settles': of(pair, { humans: 1, sends: 3 }, { instant: true }),
  'equal words, an old job': of(pair, {}, { oldJob: true, instant: true }),
  'equal words, wrong job in an answer': of(pair, {}, { wrongJob: true, instant: true }),
  'equal words, a fast clock': of(pair, { skew: 600_000 }, { instant: true, oldJob: true }),
  'equal words, the first taken over': of(pair, { processes: [0, 0, 1], steal: true, sends: 2 }, { instant: true }),
  'equal words, lost replies': of(pair, { claims: 2, lostReplies: 1 }, { instant: true }),
  'different words': of(pair, { equal: false, claims: 2, crashes: 1 }, { instant: true, oddIds: true }),
  marks: of(pair, { marked: true, exclusive: false, claims: 2 }, { fails: ['refunded'] }),
  'marks, two ledgers': of(pair, { marked: true, exclusive: false, ledgerOf: [0, 1], crashes: 1 }, { instant: true }),
  'marks, a person settles': of(pair, { marked: true, exclusive: false, humans: 1, sends: 3 }, { instant: true }),
  'two ledgers': of(pair, { exclusive: false, ledgerOf: [0, 1], crashes: 1 }, { instant: true }),
  'another program with the key': of(pair, { exclusive: false, claims: 2 }, { outsider: true, instant: true }),
};
