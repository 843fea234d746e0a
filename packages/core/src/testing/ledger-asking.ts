import type { LedgerEvent } from '../ledger/facts.ts';
import { assertEqual } from './assert.ts';
import {
  accepted,
  delivered,
  eventsOf,
  fenceOf,
  idsOf,
  job,
  type LedgerChecks,
  minute,
  openOf,
  rejected,
  sending,
  settled,
  toIntent,
  write,
} from './ledger-sample.ts';

const unknown: LedgerEvent = { type: 'unknown', at: 3, candidates: [] };

/** What is open, and whose a job is. */
export const asking: LedgerChecks = {
  async 'shows what was written, in order, to begin, to claim, to open and to find'({ ledger }) {
    const events = [sending(1), accepted('job', 'send-1'), settled];
    await write(ledger, 'a', events);
    const record = { intent: toIntent('a'), events };
    assertEqual((await ledger.begin(toIntent('a'))).record, record);
    assertEqual((await ledger.claim('a', 'me', minute))?.record, record);
    assertEqual(await openOf(ledger), [record]);
    assertEqual(await ledger.find({ job: job('job') }), [record]);
  },
  async 'lists what is not delivered: new, parked and settled intents, and those that were tried anew'({ ledger }) {
    await ledger.begin(toIntent('new'));
    await write(ledger, 'parked', [sending(1), unknown]);
    await write(ledger, 'settled', [sending(1), accepted('job', 'send-1'), settled]);
    await write(ledger, 'delivered', [sending(1), accepted('other', 'send-1'), settled, delivered]);
    await write(ledger, 'closed', [sending(1), rejected('send-1'), delivered]);
    await write(ledger, 'again', [sending(1), rejected('send-1'), delivered, sending(2)]);
    assertEqual(idsOf(await openOf(ledger)).sort(), ['again', 'new', 'parked', 'settled']);
  },
  async 'keeps an intent open that left an attempt behind of which nobody knows, until that is resolved'({ ledger }) {
    await write(ledger, 'a', [sending(1), unknown, sending(2), accepted('job', 'send-2'), settled, delivered]);
    assertEqual(idsOf(await openOf(ledger)), ['a']);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), { type: 'resolved', at: 5 });
    assertEqual(await openOf(ledger), []);
  },
  async 'keeps an intent open whose refund is awaited, until it is seen'({ ledger }) {
    const failed = { ...settled, outcome: 'failed', billed: 'no', jobId: 'job' } as LedgerEvent;
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1'), { ...failed, refund: 'pending' } as LedgerEvent]);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), delivered);
    assertEqual(idsOf(await openOf(ledger)), ['a']);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), failed);
    assertEqual(await openOf(ledger), []);
  },
  async 'lists open intents in pages, each once'({ ledger }) {
    const ids = Array.from({ length: 7 }, (_, n) => `intent ${n}`);
    for (const id of ids) await ledger.begin(toIntent(id));
    const all = idsOf(await openOf(ledger));
    assertEqual([...all].sort(), ids);
    const seen: string[] = [];
    for (let page = 0; page < 4; page += 1) {
      seen.push(...idsOf(await openOf(ledger, { after: seen.at(-1) })).slice(0, 3));
    }
    assertEqual(seen, all);
  },
  async 'goes on after an intent that is no longer open'({ ledger }) {
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await ledger.begin(toIntent(id));
    const [first = '', ...rest] = idsOf(await openOf(ledger));
    await write(ledger, first, [sending(1), accepted('job', 'send-1'), settled, delivered]);
    assertEqual(idsOf(await openOf(ledger, { after: first })), rest);
  },
  async 'misses none when it shall go on after an intent that it does not know'({ ledger }) {
    await ledger.begin(toIntent('a'));
    assertEqual(idsOf(await openOf(ledger, { after: 'forgotten' })), ['a']);
  },
  async 'lists only what nobody holds, where that is asked for'({ ledger, elapse }) {
    for (const id of ['free', 'held', 'lapsed']) await ledger.begin(toIntent(id));
    await fenceOf(ledger, 'held', 'me');
    await fenceOf(ledger, 'lapsed', 'me');
    assertEqual(idsOf(await openOf(ledger, { unclaimed: true })), ['free']);
    await ledger.claim('lapsed', 'me', 20);
    await elapse(40);
    assertEqual(idsOf(await openOf(ledger, { unclaimed: true })).sort(), ['free', 'lapsed']);
    assertEqual((await openOf(ledger)).length, 3);
  },
  async 'lists only what has not changed since, where that is asked for'({ ledger }) {
    await ledger.begin({ ...toIntent('new'), createdAt: 1_000 });
    await write(ledger, 'old', [sending(1)]);
    await write(ledger, 'young', [sending(1), { ...unknown, at: 5_000 }]);
    assertEqual(idsOf(await openOf(ledger, { before: 2_000 })).sort(), ['new', 'old']);
    assertEqual(idsOf(await openOf(ledger, { before: 1_000 })), ['old']);
  },
  async 'finds the owner of a job, also of a delivered one'({ ledger }) {
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1')]);
    await write(ledger, 'b', [sending(1), accepted('other', 'send-1'), settled, delivered]);
    assertEqual(idsOf(await ledger.find({ job: job('job') })), ['a']);
    assertEqual(idsOf(await ledger.find({ job: job('other') })), ['b']);
    assertEqual(await ledger.find({ job: job('nobody’s') }), []);
  },
  async 'finds every intent that submitted the same words, delivered ones included'({ ledger }) {
    await write(ledger, 'a', [sending(1, { words: 'w' }), accepted('job', 'send-1'), settled, delivered]);
    await write(ledger, 'b', [sending(1, { words: 'v' }), rejected('send-1'), sending(2, { words: 'w' })]);
    await write(ledger, 'c', [sending(1)]);
    assertEqual(idsOf(await ledger.find({ words: 'w' })).sort(), ['a', 'b']);
    assertEqual(idsOf(await ledger.find({ words: 'v' })), ['b']);
    assertEqual(await ledger.find({ words: 'u' }), []);
  },
  async 'remembers a delivered intent and its job'({ ledger }) {
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1'), settled, delivered]);
    assertEqual((await ledger.begin(toIntent('a'))).created, false);
    assertEqual((await eventsOf(ledger, 'a'))[1], accepted('job', 'send-1'));
  },
};
