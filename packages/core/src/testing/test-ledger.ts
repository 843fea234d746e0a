import type { Ledger } from '../ledger/ledger.ts';
import { assertEqual, assertTrue } from './assert.ts';
import { asking } from './ledger-asking.ts';
import {
  accepted,
  assertRefused,
  delivered,
  eventsOf,
  fenceOf,
  idsOf,
  job,
  type LedgerCase,
  type LedgerChecks,
  minute,
  openOf,
  recordOf,
  sending,
  settled,
  toIntent,
  write,
} from './ledger-sample.ts';
import { type SharedCase, sharing } from './ledger-sharing.ts';
import { proving, writing } from './ledger-writing.ts';

/** One check of a ledger, for any test runner: `for (const { name, run } of testLedger(…)) test(name, run)`. */
export interface LedgerCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Opens the same ledger as a new process would, after the one that had it has ended. */
export type Reopen = (ledger: Ledger) => Promise<Ledger>;

export interface TestLedgerOptions {
  /** Several processes may use a store at the same time: two handles of one race against each other. @default false */
  readonly shared?: boolean;
  /** Lets time go by for a ledger whose clock the caller sets. @default the real time goes by */
  readonly elapse?: (milliseconds: number) => void | Promise<void>;
}

/**
 * The suite that a ledger must pass. `create` opens the store of a name: an empty one at the first call for that name,
 * another handle of the same store, for a ledger that is shared, at the second.
 */
export function testLedger(
  create: (store: string) => Promise<Ledger>,
  reopen?: Reopen,
  { shared = false, elapse = sleep }: TestLedgerOptions = {},
): LedgerCheck[] {
  const toChecks = <Case>(checks: LedgerChecks<Case>, open: (store: string) => Promise<Case>): LedgerCheck[] =>
    Object.entries(checks).map(([name, check]) => ({
      name,
      run: async () => check(await open(nextStore())),
    }));
  const common = { elapse: async (milliseconds: number) => elapse(milliseconds) };
  const alone = async (store: string): Promise<LedgerCase> => ({ ...common, ledger: await create(store) });
  const restarted = async (store: string) => ({ ...(await alone(store)), reopen: reopen ?? notGiven });
  const together = async (store: string) => ({ ...(await alone(store)), other: await create(store) });
  return [
    ...toChecks({ ...beginning, ...holding, ...writing, ...proving, ...asking }, alone),
    ...(reopen ? toChecks(restarting, restarted) : []),
    ...(shared ? toChecks<SharedCase>(sharing, together) : []),
  ];
}

let count = 0;
function nextStore(): string {
  count += 1;
  return `store-${count}`;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const notGiven: Reopen = async () => {
  throw new Error('no way to open it again was given');
};

const beginning: LedgerChecks = {
  async 'begins an intent once, and gives what it knows to whoever begins it again'({ ledger }) {
    const first = await ledger.begin(toIntent('a'));
    assertEqual(first, { created: true, record: { intent: toIntent('a'), events: [] } });
    assertEqual(await ledger.begin(toIntent('a')), { ...first, created: false });
  },
  async 'keeps the first request when the same id comes with another, so that the conflict can be seen'({ ledger }) {
    await ledger.begin(toIntent('a', 'a lighthouse'));
    const again = await ledger.begin(toIntent('a', 'a windmill'));
    assertEqual([again.created, again.record.intent.request.prompt], [false, 'a lighthouse']);
  },
  async 'creates and takes an intent in one call'({ ledger }) {
    const { created, fence = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: minute });
    assertEqual(created, true);
    assertEqual(await ledger.claim('a', 'you', minute), null);
    await ledger.append('a', fence, sending(1), 0);
    assertEqual(await fenceOf(ledger, 'a', 'me'), fence);
  },
  async 'takes an intent that is there and free, and leaves one that somebody holds'({ ledger }) {
    await write(ledger, 'free', [sending(1)]);
    const taken = await ledger.begin(toIntent('free'), { owner: 'me', duration: minute });
    assertEqual([taken.created, taken.record.events], [false, [sending(1)]]);
    await ledger.append('free', taken.fence ?? -1, accepted('job', 'send-1'), 1);
    const held = await ledger.begin(toIntent('free'), { owner: 'you', duration: minute });
    assertEqual(['fence' in held && held.fence !== undefined, held.record.events.length], [false, 2]);
    assertEqual((await ledger.begin(toIntent('free'), { owner: 'me', duration: minute })).fence, taken.fence);
  },
  async 'lets one of many create and take an intent that all begin at once'({ ledger }) {
    const work = Array.from({ length: 50 }, (_, n) =>
      ledger.begin(toIntent('a'), { owner: `owner ${n}`, duration: minute }),
    );
    const begun = await Promise.all(work);
    assertEqual(begun.filter(({ created }) => created).length, 1);
    assertEqual(begun.filter(({ fence }) => fence !== undefined).length, 1);
  },
  async 'shows what it knows of an intent without taking it, where it can'({ ledger }) {
    const { fence = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: minute });
    await ledger.append('a', fence, sending(1), 0);
    if (ledger.read) assertEqual(await ledger.read('a'), { intent: toIntent('a'), events: [sending(1)] });
    assertEqual(await fenceOf(ledger, 'a', 'me'), fence);
  },
  async 'keeps any text as it is'({ ledger }) {
    const prompt = 'line\nbreak \u2028 "quotes" \\ \u0000 雪 🗻 {"crc":"00000000","seq":1} {"blob":"x"}';
    await ledger.begin(toIntent('a', prompt));
    assertEqual((await recordOf(ledger, 'a')).intent.request.prompt, prompt);
  },
  async 'knows nothing of an intent that was never begun'({ ledger }) {
    await assertRefused(ledger.claim('nobody', 'me', minute), 'unknown_intent');
    if (ledger.read) assertEqual(await ledger.read('nobody'), undefined);
    await assertRefused(ledger.append('nobody', 1, sending(1)));
    assertEqual(await openOf(ledger), []);
  },
};

const holding: LedgerChecks = {
  async 'gives an intent to one at a time'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.claim('a', `owner ${n}`, minute)));
    assertEqual(claims.filter((claim) => claim !== null).length, 1);
  },
  async 'gives different intents to different owners'({ ledger }) {
    await ledger.begin(toIntent('a'));
    await ledger.begin(toIntent('b'));
    assertTrue((await ledger.claim('a', 'me', minute)) !== null, 'the first is free');
    assertTrue((await ledger.claim('b', 'you', minute)) !== null, 'the second is free');
  },
  async 'lets the owner claim again under the same fence'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    assertEqual(await fenceOf(ledger, 'a', 'me'), fence);
  },
  async 'takes an intent back with a lease of 0, from its owner only'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    assertEqual(await ledger.claim('a', 'you', 0), null);
    await ledger.append('a', fence, sending(1), 0);
    await ledger.claim('a', 'me', 0);
    const young = await fenceOf(ledger, 'a', 'you');
    assertEqual(await ledger.claim('a', 'me', 0), null);
    await ledger.append('a', young, sending(2), 1);
  },
  async 'frees an intent when the lease is over'({ ledger, elapse }) {
    await ledger.begin(toIntent('a'), { owner: 'me', duration: minute });
    assertEqual(await ledger.claim('a', 'you', minute), null);
    await ledger.claim('a', 'me', 20);
    await elapse(40);
    await fenceOf(ledger, 'a', 'you');
  },
  async 'gives every new owner a higher fence, and refuses the older ones'({ ledger }) {
    const { fence: old = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: minute });
    await ledger.claim('a', 'me', 0);
    const young = await fenceOf(ledger, 'a', 'you');
    assertTrue(young > old, `${young} is not above ${old}`);
    await assertRefused(ledger.append('a', old, sending(1)), 'ledger_stale');
    await ledger.append('a', young, sending(2));
    assertEqual(await eventsOf(ledger, 'a'), [sending(2)]);
    await ledger.claim('a', 'you', 0);
    assertTrue((await fenceOf(ledger, 'a', 'me')) > young, 'who comes back gets a new fence');
  },
};

const restarting: LedgerChecks<LedgerCase & { readonly reopen: Reopen }> = {
  async 'knows everything after a restart'({ ledger, reopen }) {
    await write(ledger, 'open', [sending(1, { words: 'w' }), accepted('job', 'send-1')]);
    await write(ledger, 'done', [sending(1), accepted('other', 'send-1'), settled, delivered]);
    await ledger.begin(toIntent('new'));
    const before = await openOf(ledger);
    const again = await reopen(ledger);
    assertEqual(await openOf(again), before);
    assertEqual((await eventsOf(again, 'done')).at(-1), delivered);
    assertEqual(idsOf(await again.find({ words: 'w' })), ['open']);
    assertEqual(idsOf(await again.find({ job: job('other') })), ['done']);
  },
  async 'knows whose a job is after a restart'({ ledger, reopen }) {
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1'), settled, delivered]);
    await write(ledger, 'b', [sending(1)]);
    const again = await reopen(ledger);
    const fence = await fenceOf(again, 'b', 'me');
    await assertRefused(again.append('b', fence, accepted('job', 'send-1'), 1), 'job_taken');
  },
  async 'writes nothing twice whose answer was lost in a restart'({ ledger, reopen }) {
    await write(ledger, 'a', [sending(1)]);
    const again = await reopen(ledger);
    const fence = await fenceOf(again, 'a', 'me');
    await again.append('a', fence, sending(1), 0);
    assertEqual(await eventsOf(again, 'a'), [sending(1)]);
  },
  async 'gives a higher fence after a restart, and refuses the older ones'({ ledger, reopen, elapse }) {
    const { fence: old = -1 } = await ledger.begin(toIntent('a'), { owner: 'me', duration: 20 });
    await elapse(40);
    const again = await reopen(ledger);
    const young = await fenceOf(again, 'a', 'you');
    assertTrue(young > old, `${young} is not above ${old}`);
    await assertRefused(again.append('a', old, sending(1)), 'ledger_stale');
  },
};
