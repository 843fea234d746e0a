import type { LedgerEvent } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { assertEqual } from './assert.ts';
import {
  accepted,
  assertRefused,
  delivered,
  eventsOf,
  fenceOf,
  type LedgerChecks,
  minute,
  oldSending,
  recordOf,
  rejected,
  sending,
  settled,
  toIntent,
  write,
} from './ledger-sample.ts';

/** What may be written, and how often. */
export const writing: LedgerChecks = {
  async 'refuses an event that was meant for another place in the record'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    await ledger.append('a', fence, sending(1), 0);
    await assertRefused(ledger.append('a', fence, sending(2), 0), 'ledger_conflict');
    await assertRefused(ledger.append('a', fence, sending(2), 2), 'ledger_conflict');
    await ledger.append('a', fence, sending(2), 1);
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), sending(2)]);
  },
  async 'writes an event once whose first answer was lost'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    for (let time = 0; time < 3; time += 1) await ledger.append('a', fence, sending(1), 0);
    for (let time = 0; time < 3; time += 1) await ledger.append('a', fence, accepted('job', 'send-1'), 1);
    await ledger.append('a', fence, sending(1), 0);
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), accepted('job', 'send-1')]);
  },
  async 'writes an event once that comes several times at once'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    await Promise.all(Array.from({ length: 5 }, () => ledger.append('a', fence, sending(1), 0)));
    assertEqual(await eventsOf(ledger, 'a'), [sending(1)]);
  },
  async 'lets one of two writers have a place in the record that both want'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    const work = [1, 2].map((n) => ledger.append('a', fence, sending(n), 0));
    const outcomes = await Promise.allSettled(work);
    assertEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assertEqual((await eventsOf(ledger, 'a')).length, 1);
  },
  async 'writes events that are asked for one after another without waiting'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    const events = [sending(1), accepted('job', 'send-1'), settled];
    await Promise.all(events.map((event, index) => ledger.append('a', fence, event, index)));
    assertEqual(await eventsOf(ledger, 'a'), events);
  },
  async 'writes events without a length where they come'({ ledger }) {
    await ledger.begin(toIntent('a'));
    const fence = await fenceOf(ledger, 'a', 'me');
    await ledger.append('a', fence, oldSending(1));
    await ledger.append('a', fence, accepted('job'));
    assertEqual(await eventsOf(ledger, 'a'), [oldSending(1), accepted('job')]);
  },
  async 'keeps 1,000 events that are written at once, in the order of each intent'({ ledger }) {
    const ids = Array.from({ length: 10 }, (_, n) => `intent ${n}`);
    await Promise.all(ids.map((id) => ledger.begin(toIntent(id))));
    const fences = await Promise.all(ids.map((id) => fenceOf(ledger, id, 'me')));
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    await Promise.all(numbers.map((n) => ledger.append(`intent ${n % 10}`, fences[n % 10] ?? -1, sending(n + 1))));
    for (const [index, id] of ids.entries()) {
      const attempts = (await eventsOf(ledger, id)).map((event) => 'attempt' in event && event.attempt);
      assertEqual(
        attempts,
        numbers.filter((n) => n % 10 === index).map((n) => n + 1),
        id,
      );
    }
  },
  async 'gives records that are plain data, and do not change later'({ ledger }) {
    await write(ledger, 'a', [sending(1)]);
    const record = await recordOf(ledger, 'a');
    const before = structuredClone(record);
    assertEqual(JSON.parse(JSON.stringify(record)), before);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), accepted('job'));
    assertEqual(record, before);
  },
  async 'keeps every kind of event as it is'({ ledger }) {
    const job = { provider: 'host', modelId: 'model', id: 'maybe' };
    const events: LedgerEvent[] = [
      ...[sending(1, { words: 'w', marked: true, seed: 7 }), rejected('send-1'), sending(2)],
      ...[{ type: 'unsent', at: 3, send: 'send-2' } as const, sending(3), { type: 'searched', at: 4 } as const],
      ...[{ type: 'unknown', at: 5, candidates: [job] } as const, accepted('job', 'send-3')],
      ...[{ type: 'polled', at: 6, jobId: 'job', state: 'failed' } as const],
      ...[{ ...settled, outcome: 'failed', billed: 'no', refund: 'pending', jobId: 'job' } as LedgerEvent],
      ...[{ type: 'resolved', at: 8 } as const],
    ];
    await write(ledger, 'a', events);
    assertEqual(await eventsOf(ledger, 'a'), events);
  },
  async 'gives long texts back whole, however many intents share them'({ ledger }) {
    const picture = `data:image/png;base64,${'Aé'.repeat(20_000)}`;
    for (const id of ['a', 'b']) {
      await ledger.begin(toIntent(id, 'a lighthouse', [picture, 'https://example.com/a.png', picture]));
      const fence = await fenceOf(ledger, id, 'me');
      await ledger.append(
        id,
        fence,
        sending(1, { request: { method: 'POST', path: '/', body: { images: [picture] } } }),
      );
    }
    for (const id of ['a', 'b']) {
      const { intent, events } = await recordOf(ledger, id);
      assertEqual(intent.request.images, [picture, 'https://example.com/a.png', picture]);
      assertEqual(events[0]?.type === 'sending' && events[0].request.body, { images: [picture] });
    }
  },
};

/** Who may write, although somebody else has the intent by now, and whose a job is. */
export const proving: LedgerChecks = {
  async 'refuses what a stale fence decided'({ ledger, elapse }) {
    await ledger.begin(toIntent('a'));
    const old = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
    await ledger.append('a', old, sending(1), 0);
    await elapse(40);
    await fenceOf(ledger, 'a', 'you');
    const unknown: LedgerEvent = { type: 'unknown', at: 3, candidates: [] };
    for (const event of [sending(2), unknown, settled, delivered, accepted('job'), accepted('job', 'of nobody')]) {
      await assertRefused(ledger.append('a', old, event), 'ledger_stale');
      await assertRefused(ledger.append('a', old, event, 1), 'ledger_stale');
    }
    assertEqual(await eventsOf(ledger, 'a'), [sending(1)]);
  },
  async 'writes what an answer proved, under a stale fence and at any length'({ ledger, elapse }) {
    await ledger.begin(toIntent('a'));
    const old = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
    await ledger.append('a', old, sending(1), 0);
    await elapse(40);
    const young = await fenceOf(ledger, 'a', 'you');
    await ledger.append('a', young, sending(2), 1);
    await ledger.append('a', old, accepted('late', 'send-1'), 1);
    await ledger.append('a', young, rejected('send-2'), 2);
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), sending(2), accepted('late', 'send-1'), rejected('send-2')]);
  },
  async 'writes a late refusal once'({ ledger, elapse }) {
    await ledger.begin(toIntent('a'));
    const old = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
    await ledger.append('a', old, sending(1), 0);
    await elapse(40);
    await fenceOf(ledger, 'a', 'you');
    for (let time = 0; time < 3; time += 1) await ledger.append('a', old, rejected('send-1'), 1);
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), rejected('send-1')]);
  },
  async 'writes a late answer although a person adopted another job for its send'({ ledger, elapse }) {
    const { old, adopted } = await takenOver(ledger, elapse, 'human');
    await ledger.append('a', old, accepted('late', 'send-1'), 1);
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), adopted, accepted('late', 'send-1')]);
  },
  async 'refuses a late answer after a count, so that one intent does not own two jobs'({ ledger, elapse }) {
    const { old, adopted } = await takenOver(ledger, elapse, 'count');
    await assertRefused(ledger.append('a', old, accepted('late', 'send-1'), 1), 'ledger_stale');
    assertEqual(await eventsOf(ledger, 'a'), [sending(1), adopted]);
  },
  async 'gives a job to one intent, whatever is known of it'({ ledger }) {
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1')]);
    await write(ledger, 'b', [sending(1)]);
    const fence = await fenceOf(ledger, 'b', 'me');
    await assertRefused(ledger.append('b', fence, accepted('job', 'send-1')), 'job_taken');
    await assertRefused(ledger.append('b', fence, accepted('job'), 1), 'job_taken');
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), settled);
    await ledger.append('a', await fenceOf(ledger, 'a', 'me'), delivered);
    await assertRefused(ledger.append('b', fence, accepted('job', 'send-1')), 'job_taken');
    assertEqual(await eventsOf(ledger, 'b'), [sending(1)]);
    await ledger.append('b', fence, accepted('other', 'send-1'), 1);
  },
  async 'gives a job to one of many intents that all want it at once'({ ledger }) {
    const ids = Array.from({ length: 10 }, (_, n) => `intent ${n}`);
    for (const id of ids) await write(ledger, id, [sending(1)]);
    const fences = await Promise.all(ids.map((id) => fenceOf(ledger, id, 'me')));
    const work = ids.map((id, n) => ledger.append(id, fences[n] ?? -1, accepted('job', 'send-1'), 1));
    const outcomes = await Promise.allSettled(work);
    assertEqual(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    const owners = await Promise.all(ids.map(async (id) => (await eventsOf(ledger, id)).length - 1));
    assertEqual(
      owners.reduce((sum, each) => sum + each, 0),
      1,
    );
  },
  async 'tells jobs of different hosts apart'({ ledger }) {
    await write(ledger, 'a', [sending(1), accepted('job', 'send-1')]);
    const elsewhere = { provider: 'other', modelId: 'model', id: 'job' };
    await write(ledger, 'b', [sending(1), { type: 'accepted', at: 3, job: elsewhere, send: 'send-1' }]);
    assertEqual(
      (await ledger.find({ job: elsewhere })).map(({ intent }) => intent.id),
      ['b'],
    );
  },
  async 'lets an intent be written after its lease, as long as nobody else has taken it'({ ledger, elapse }) {
    await ledger.begin(toIntent('a'));
    const fence = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
    await elapse(40);
    await ledger.append('a', fence, sending(1), 0);
    assertEqual((await ledger.claim('a', 'me', minute))?.fence, fence);
  },
};

/** A send whose process lost its lease, and a job that the next one adopted for it. */
async function takenOver(
  ledger: Ledger,
  elapse: (milliseconds: number) => Promise<void>,
  proof: 'human' | 'count',
): Promise<{ readonly old: number; readonly adopted: LedgerEvent }> {
  await ledger.begin(toIntent('a'));
  const old = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
  await ledger.append('a', old, sending(1), 0);
  await elapse(40);
  const adopted = { ...accepted('adopted', 'send-1'), proof } as LedgerEvent;
  await ledger.append('a', await fenceOf(ledger, 'a', 'you'), adopted, 1);
  return { old, adopted };
}
