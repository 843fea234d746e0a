import type { Ledger } from '../ledger/ledger.ts';
import { assertEqual, assertTrue } from './assert.ts';
import {
  accepted,
  assertRefused,
  eventsOf,
  fenceOf,
  idsOf,
  job,
  type LedgerCase,
  type LedgerChecks,
  minute,
  openOf,
  sending,
  toIntent,
  write,
} from './ledger-sample.ts';

/** A second handle of the same store, as another process has it. */
export interface SharedCase extends LedgerCase {
  readonly other: Ledger;
}

const statuses = async (work: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(work)).map(({ status }) => status).sort();

const rounds = Array.from({ length: 10 }, (_, n) => `${n}`);

/** What holds between processes that use one store at the same time. */
export const sharing: LedgerChecks<SharedCase> = {
  async 'says that it is shared'({ ledger, other }) {
    assertEqual([ledger.shared, other.shared], [true, true]);
  },
  async 'lets one of two processes create an intent and take it'({ ledger, other }) {
    for (const id of rounds) {
      const begun = await Promise.all([
        ledger.begin(toIntent(id), { owner: 'me', duration: minute }),
        other.begin(toIntent(id), { owner: 'you', duration: minute }),
      ]);
      assertEqual(begun.filter(({ created }) => created).length, 1, 'created');
      assertEqual(begun.filter(({ fence }) => fence !== undefined).length, 1, 'taken');
    }
  },
  async 'lets one of two processes claim an intent'({ ledger, other }) {
    for (const id of rounds) {
      await ledger.begin(toIntent(id));
      const claims = await Promise.all([ledger.claim(id, 'me', minute), other.claim(id, 'you', minute)]);
      assertEqual(claims.filter((claim) => claim !== null).length, 1);
    }
  },
  async 'lets one of two processes write at a place in a record'({ ledger, other }) {
    for (const id of rounds) {
      await ledger.begin(toIntent(id));
      const fence = await fenceOf(ledger, id, 'both');
      const work = [ledger, other].map((each, n) => each.append(id, fence, sending(n + 1), 0));
      assertEqual(await statuses(work), ['fulfilled', 'rejected']);
      assertEqual((await eventsOf(other, id)).length, 1);
    }
  },
  async 'writes an event once that two processes repeat'({ ledger, other }) {
    for (const id of rounds) {
      await ledger.begin(toIntent(id));
      const fence = await fenceOf(ledger, id, 'both');
      await Promise.all([ledger, other].map((each) => each.append(id, fence, sending(1), 0)));
      assertEqual(await eventsOf(other, id), [sending(1)]);
    }
  },
  async 'gives a job to one intent, whichever process asks'({ ledger, other }) {
    for (const round of rounds) {
      const [mine, yours] = [`mine ${round}`, `yours ${round}`];
      await write(ledger, mine, [sending(1)]);
      await write(other, yours, [sending(1)]);
      const fences = [await fenceOf(ledger, mine, 'me'), await fenceOf(other, yours, 'you')];
      const event = accepted(`job ${round}`, 'send-1');
      const work = [ledger.append(mine, fences[0] ?? -1, event, 1), other.append(yours, fences[1] ?? -1, event, 1)];
      assertEqual(await statuses(work), ['fulfilled', 'rejected']);
      assertEqual((await other.find({ job: job(`job ${round}`) })).length, 1);
    }
  },
  async 'shows each process at once what the other has written'({ ledger, other }) {
    await write(ledger, 'a', [sending(1, { words: 'w' })]);
    assertEqual(await eventsOf(other, 'a'), [sending(1, { words: 'w' })]);
    assertEqual(idsOf(await openOf(other)), ['a']);
    assertEqual(idsOf(await other.find({ words: 'w' })), ['a']);
    const claim = await other.claim('a', 'you', minute);
    assertEqual(claim?.record.events, [sending(1, { words: 'w' })]);
    await other.append('a', claim?.fence ?? -1, accepted('job', 'send-1'), 1);
    assertEqual(idsOf(await ledger.find({ job: job('job') })), ['a']);
    assertEqual(idsOf(await openOf(ledger, { unclaimed: true })), []);
  },
  async 'refuses the fence of a process that was overtaken, but not what an answer proved'({ ledger, other, elapse }) {
    await ledger.begin(toIntent('a'));
    const old = (await ledger.claim('a', 'me', 20))?.fence ?? -1;
    await ledger.append('a', old, sending(1), 0);
    await elapse(40);
    const young = await fenceOf(other, 'a', 'you');
    assertTrue(young > old, `${young} is not above ${old}`);
    await assertRefused(ledger.append('a', old, sending(2), 1), 'ledger_stale');
    await ledger.append('a', old, accepted('job', 'send-1'), 1);
    assertEqual(await eventsOf(other, 'a'), [sending(1), accepted('job', 'send-1')]);
  },
};
