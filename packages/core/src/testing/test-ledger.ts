import type { Intent, Ledger, LedgerEvent, LedgerRecord } from '../ledger/ledger.ts';
import { assertEqual, assertTrue } from './assert.ts';

/** One check of a ledger, for any test runner: `for (const { name, run } of testLedger(…)) test(name, run)`. */
export interface LedgerCheck {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Opens the same ledger as a new process would, after the one that had it has ended. */
export type Reopen = (ledger: Ledger) => Promise<Ledger>;

/** The suite that a ledger must pass. `create` makes an empty one for each check. */
export function testLedger(create: () => Promise<Ledger>, reopen?: Reopen): LedgerCheck[] {
  const checks = { ...beginning, ...holding, ...writing };
  const after = reopen ? restarting(reopen) : {};
  return Object.entries({ ...checks, ...after }).map(([name, check]) => ({
    name,
    run: async () => check(await create()),
  }));
}

type Checks = Record<string, (ledger: Ledger) => Promise<void>>;

const minute = 60_000;

const beginning: Checks = {
  async 'begins an intent once, and gives what it knows to whoever begins it again'(ledger) {
    const first = await ledger.begin(toIntent('a'));
    assertEqual(first, { created: true, record: { intent: toIntent('a'), events: [] } });
    assertEqual((await ledger.begin(toIntent('a'))).created, false);
  },
  async 'keeps the first wish when the same id comes with another, so that the conflict can be seen'(ledger) {
    await ledger.begin(toIntent('a', 'a lighthouse'));
    const again = await ledger.begin(toIntent('a', 'a windmill'));
    assertEqual([again.created, again.record.intent.request.prompt], [false, 'a lighthouse']);
  },
  async 'lets one of many create an intent that all begin at once'(ledger) {
    const begun = await Promise.all(Array.from({ length: 50 }, () => ledger.begin(toIntent('a'))));
    assertEqual(begun.filter(({ created }) => created).length, 1);
  },
  async 'keeps any text as it is'(ledger) {
    const prompt = 'line\nbreak \u2028 "quotes" \\ \u0000 雪 🗻 {"crc":"00000000","seq":1}';
    await ledger.begin(toIntent('a', prompt));
    assertEqual((await recordOf(ledger, 'a')).intent.request.prompt, prompt);
  },
  async 'knows nothing of an intent that was never begun'(ledger) {
    await assertRejects(ledger.claim('nobody', 'me', minute));
    await assertRejects(ledger.append('nobody', 1, sending(1)));
  },
};

const holding: Checks = {
  async 'gives an intent to one at a time'(ledger) {
    await ledger.begin(toIntent('a'));
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.claim('a', `owner ${n}`, minute)));
    assertEqual(claims.filter((claim) => claim !== null).length, 1);
  },
  async 'gives different intents to different owners'(ledger) {
    await ledger.begin(toIntent('a'));
    await ledger.begin(toIntent('b'));
    assertTrue((await ledger.claim('a', 'me', minute)) !== null, 'the first is free');
    assertTrue((await ledger.claim('b', 'you', minute)) !== null, 'the second is free');
  },
  async 'lets the owner claim again under the same fence'(ledger) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    assertEqual(await fenceOf(ledger, 'a', 'me'), fence);
  },
  async 'takes an intent back with a lease of 0'(ledger) {
    await ledger.begin(toIntent('a'));
    await fenceOf(ledger, 'a', 'me');
    await ledger.claim('a', 'me', 0);
    await fenceOf(ledger, 'a', 'you');
  },
  async 'frees an intent when the lease is over'(ledger) {
    await ledger.begin(toIntent('a'));
    await ledger.claim('a', 'me', 20);
    assertEqual(await ledger.claim('a', 'you', minute), null);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await fenceOf(ledger, 'a', 'you');
  },
  async 'gives every new owner a higher fence, and refuses the older ones'(ledger) {
    await ledger.begin(toIntent('a'));
    const old = await fenceOf(ledger, 'a', 'me');
    await ledger.claim('a', 'me', 0);
    const young = await fenceOf(ledger, 'a', 'you');
    assertTrue(young > old, `${young} is not above ${old}`);
    await assertRejects(ledger.append('a', old, sending(1)));
    await ledger.append('a', young, sending(2));
    assertEqual((await recordOf(ledger, 'a')).events, [sending(2)]);
  },
};

const writing: Checks = {
  async 'shows what was written, in order, to begin and to open'(ledger) {
    const events = [sending(1), accepted('job'), settled];
    await write(ledger, 'a', events);
    assertEqual((await recordOf(ledger, 'a')).events, events);
    assertEqual(await openOf(ledger), [{ intent: toIntent('a'), events }]);
  },
  async 'lists what is not delivered: new, parked and settled intents, and those that were tried anew'(ledger) {
    await ledger.begin(toIntent('new'));
    await write(ledger, 'parked', [sending(1), { type: 'unknown', at: 3, candidates: [] }]);
    await write(ledger, 'settled', [sending(1), accepted('job'), settled]);
    await write(ledger, 'delivered', [sending(1), accepted('other'), settled, delivered]);
    await write(ledger, 'closed', [delivered]);
    await write(ledger, 'again', [delivered, sending(1)]);
    const open = (await openOf(ledger)).map(({ intent }) => intent.id);
    assertEqual(open.sort(), ['again', 'new', 'parked', 'settled']);
  },
  async 'keeps an intent open that left an attempt behind of which nobody knows, until that is resolved'(ledger) {
    const unknown: LedgerEvent = { type: 'unknown', at: 3, candidates: [] };
    await write(ledger, 'a', [sending(1), unknown, sending(2), accepted('job'), settled, delivered]);
    assertEqual((await openOf(ledger)).length, 1);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), { type: 'resolved', at: 5 });
    assertEqual(await openOf(ledger), []);
  },
  async 'remembers the job of a delivered intent'(ledger) {
    await write(ledger, 'a', [sending(1), accepted('job'), settled, delivered]);
    const { created, record } = await ledger.begin(toIntent('a'));
    assertEqual(created, false);
    assertEqual(
      record.events.find(({ type }) => type === 'accepted'),
      accepted('job'),
    );
  },
  async 'keeps 1,000 events that are written at once, in the order of each intent'(ledger) {
    const ids = Array.from({ length: 10 }, (_, n) => `intent ${n}`);
    await Promise.all(ids.map((id) => ledger.begin(toIntent(id))));
    const fences = await Promise.all(ids.map((id) => fenceOf(ledger, id, 'me')));
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    await Promise.all(numbers.map((n) => ledger.append(`intent ${n % 10}`, fences[n % 10] ?? -1, sending(n + 1))));
    for (const [index, id] of ids.entries()) {
      const attempts = (await recordOf(ledger, id)).events.map((event) => 'attempt' in event && event.attempt);
      const expected = numbers.filter((n) => n % 10 === index).map((n) => n + 1);
      assertEqual(attempts, expected, id);
    }
  },
  async 'gives records that are plain data, and do not change later'(ledger) {
    await write(ledger, 'a', [sending(1)]);
    const record = await recordOf(ledger, 'a');
    const before = structuredClone(record);
    assertEqual(JSON.parse(JSON.stringify(record)), before);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), accepted('job'));
    assertEqual(record, before);
  },
};

const restarting = (reopen: Reopen): Checks => ({
  async 'knows everything after a restart'(ledger) {
    await write(ledger, 'open', [sending(1), accepted('job')]);
    await write(ledger, 'done', [sending(1), accepted('other'), settled, delivered]);
    await ledger.begin(toIntent('new'));
    const before = await openOf(ledger);
    const again = await reopen(ledger);
    assertEqual(await openOf(again), before);
    assertEqual((await again.begin(toIntent('done'))).record.events.at(-1), delivered);
  },
  async 'lets nobody keep an intent over a restart, and gives a higher fence'(ledger) {
    await ledger.begin(toIntent('a'));
    const old = await fenceOf(ledger, 'a', 'me');
    const again = await reopen(ledger);
    const young = await fenceOf(again, 'a', 'you');
    assertTrue(young > old, `${young} is not above ${old}`);
    await assertRejects(again.append('a', old, sending(1)));
  },
});

function toIntent(id: string, prompt = 'a lighthouse'): Intent {
  const request = { prompt, images: [], fit: 'exact', providerOptions: {} } as const;
  return { id, createdAt: 1, request, route: [{ provider: 'host', modelId: 'model' }] };
}

const sending = (attempt: number): LedgerEvent => {
  const request = { method: 'POST', path: '/submit', body: { prompt: 'a lighthouse' } } as const;
  return { type: 'sending', at: 2, attempt, target: { provider: 'host', modelId: 'model' }, request, key: 'key' };
};
const accepted = (id: string): LedgerEvent => {
  return { type: 'accepted', at: 3, job: { provider: 'host', modelId: 'model', id, submittedAt: 2 } };
};
const settled: LedgerEvent = {
  ...{ type: 'settled', at: 4, outcome: 'completed', billed: 'yes', urls: ['https://example.com/a.png'] },
  cost: { amount: 0.03, currency: 'USD', source: 'listed' },
};
/** Of today: a ledger may forget what was delivered long ago. */
const delivered: LedgerEvent = { type: 'delivered', at: Date.now() };

async function write(ledger: Ledger, id: string, events: readonly LedgerEvent[]): Promise<void> {
  await ledger.begin(toIntent(id));
  const fence = await fenceOf(ledger, id, 'me');
  for (const event of events) await ledger.append(id, fence, event);
}

async function fenceOf(ledger: Ledger, id: string, owner: string): Promise<number> {
  const claim = await ledger.claim(id, owner, minute);
  if (!claim) throw new Error(`"${id}" is not free for ${owner}`);
  return claim.fence;
}

const recordOf = async (ledger: Ledger, id: string): Promise<LedgerRecord> => (await ledger.begin(toIntent(id))).record;

async function openOf(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}

async function assertRejects(work: Promise<unknown>): Promise<void> {
  const refused = await work.then(
    () => false,
    () => true,
  );
  assertTrue(refused, 'a refusal was expected');
}
