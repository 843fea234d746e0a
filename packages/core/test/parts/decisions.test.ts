import { describe, expect, test } from 'vitest';
import type { JobSnapshot } from '../../src/contract/adapter.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import type { LedgerEvent } from '../../src/ledger/facts.ts';
import { foldRecord, reduce } from '../../src/ledger/reduce.ts';
import { judgeAppend } from '../../src/ledger/rules.ts';
import { hasFailed, type IntentState, type Sending } from '../../src/ledger/state.ts';
import {
  nearestFirst,
  openSends,
  readLookUp,
  readsOn,
  recentJobs,
  rivalsOf,
  takeByCount,
  takeByMark,
} from '../../src/picture/adoption.ts';
import { closesAtEnd, isKeyGood, unsentInstead } from '../../src/picture/writing.ts';

// Each of these was a mutant of the sources that no other test noticed.

const hour = 3_600_000;
const target = { provider: 'apiframe', modelId: 'seedream-4' };
const intent = {
  ...{ id: 'one', createdAt: 0, route: [target] },
  request: { prompt: 'a pier', images: [], fit: 'exact', providerOptions: {} },
} as const;
const sending = (at: number, more: Partial<Sending> = {}): Sending => ({
  ...{ type: 'sending', at, attempt: 1, target, send: `1.${at}`, key: 'k' },
  request: { method: 'POST', path: '/x', body: {} },
  ...more,
});
const after = (...events: readonly LedgerEvent[]): IntentState => foldRecord({ intent, events });

describe('what a poll said', () => {
  const job = { ...target, id: 'a' };
  const inputs = { prompt: 'a pier', images: ['data:image/png;base64,AAAA'] };
  const kept = (snapshot: JobSnapshot): JobSnapshot | undefined => {
    const accepted = after(sending(0), { type: 'accepted', at: 1, job, send: '1.0' });
    return reduce(accepted, { type: 'answered', jobId: 'a', snapshot }).jobs[0]?.snapshot;
  };

  test('is kept without the request in it while the job goes on, and whole once it is over', () => {
    const said = { id: 'a', outputs: [], progress: 40, inputs, createdAt: '2026-01-01T00:00:00Z' } as const;
    expect(kept({ ...said, state: 'processing' })).toEqual({ state: 'processing', outputs: [], progress: 40 });
    for (const state of ['completed', 'failed'] as const) expect(kept({ ...said, state })).toEqual({ ...said, state });
  });
});

describe('a key', () => {
  const lifetime = 24 * hour;
  const isGood = (now: number, state = after(sending(0))): boolean =>
    isKeyGood(state, { header: 'Idempotency-Key', lifetime }, now);

  test('is used until an hour before the host forgets it', () => {
    expect(isGood(23 * hour - 1)).toBe(true);
    expect(isGood(23 * hour)).toBe(false);
  });

  test('is as old as its first use', () => {
    expect(isGood(23 * hour, after(sending(0), sending(22 * hour)))).toBe(false);
  });

  test('may be from the future by as much as clocks are corrected', () => {
    expect(isGood(-299_999)).toBe(true);
    expect(isGood(-300_000)).toBe(false);
  });
});

const listed = (...ids: readonly string[]) => ids.map((id) => ({ id, state: 'processing', outputs: [] }) as const);
const madeAt = (at: number, id = `job-${at}`) => ({
  ...({ id, state: 'processing', outputs: [] as const, createdAt: new Date(at).toISOString() } as const),
});

describe('a mark', () => {
  const open = openSends(after(sending(0, { marked: true })), 'apiframe');
  test('is proof of the one job that carries it', () => {
    const [send] = open.all;
    expect(takeByMark(open, listed('a'), () => true)).toEqual({ send, job: listed('a')[0], proof: 'mark' });
    expect(takeByMark(open, listed('a', 'b'), ({ id }) => id === 'b')?.job.id).toBe('b');
  });

  test('is none where several jobs carry it, or none does', () => {
    expect(takeByMark(open, listed('a', 'b'), () => true)).toBeUndefined();
    expect(takeByMark(open, listed('a'), () => undefined)).toBeUndefined();
  });
});

describe('a count', () => {
  const job = { provider: 'apiframe', modelId: 'seedream-4', id: 'job-0' };
  const same = () => true;
  const rivals = (...records: readonly (readonly LedgerEvent[])[]) => {
    const all = records.map((events) => ({ intent, events }));
    const [send] = openSends(after(...(records[0] ?? [])), 'apiframe').all;
    if (!send) throw new Error('the first record has an open send');
    return { send, all: rivalsOf(all, send) };
  };
  const words = 'w';

  test('gives each send the job of its place by age, where there are as many', () => {
    const { send, all } = rivals([sending(2, { words })], [sending(1, { words })]);
    expect(takeByCount(send, [madeAt(20), madeAt(10)], all, same)).toMatchObject({ job: { id: 'job-20' }, send });
    expect(takeByCount(send, [madeAt(10)], all, same)).toBeUndefined();
    expect(takeByCount(send, [madeAt(10), madeAt(20), madeAt(30)], all, same)).toBeUndefined();
  });

  test('is of sends in these words whose job is not known', () => {
    const rejected = { type: 'rejected', at: 1, code: 'invalid_request', send: '1.1' } as const;
    const unsent = { type: 'unsent', at: 1, send: '1.1' } as const;
    const answered = { type: 'accepted', at: 1, job, send: '1.1', proof: 'answer' } as const;
    for (const end of [rejected, unsent, answered]) {
      const { send, all } = rivals([sending(2, { words })], [sending(1, { words }), end]);
      expect(takeByCount(send, [madeAt(20)], all, same)).toMatchObject({ job: { id: 'job-20' } });
    }
    const { send, all } = rivals([sending(2, { words })], [sending(1, { words: 'other' })]);
    expect(all).toEqual([send]);
  });

  test('is of sends to the same address, or to one that is not known', () => {
    const mine = sending(2, { words, origin: 'https://a.example' });
    const there = sending(1, { words, origin: 'https://b.example' });
    expect(rivals([mine], [there]).all).toHaveLength(1);
    expect(rivals([mine], [sending(1, { words })]).all).toHaveLength(2);
    expect(rivals([sending(2, { words })], [there]).all).toHaveLength(2);
    const ids = (origin?: string) => openSends(after(there, mine), 'apiframe', origin).all.map(({ fact }) => fact.at);
    expect([ids('https://a.example'), ids()]).toEqual([[2], [1, 2]]);
  });

  test('is not of sends to another path of the address, and none is a path too', () => {
    const count = (own: string, other: string): number =>
      rivals([sending(2, { words, origin: own })], [sending(1, { words, origin: other })]).all.length;
    const [bare, path, another] = ['https://a.example', 'https://a.example/t', 'https://a.example/u'];
    expect([count(path, path), count(path, another), count(path, bare), count(bare, path)]).toEqual([2, 1, 1, 1]);
  });

  test('is of sends that a person declared absent, too', () => {
    const { send, all } = rivals([sending(2, { words })], [sending(1, { words }), { type: 'resolved', at: 3 }]);
    expect(takeByCount(send, [madeAt(20)], all, same)).toBeUndefined();
    expect(takeByCount(send, [madeAt(10), madeAt(20)], all, same)).toMatchObject({ job: { id: 'job-20' } });
  });

  test('is of jobs that were made after the oldest of those sends, also one that took a job by count', () => {
    const counted = { type: 'accepted', at: 3, job, send: '1.1000', proof: 'count' } as const;
    const mine = sending(60_000, { words });
    const { all } = rivals([mine], [sending(1_000, { words }), counted]);
    const jobs = [madeAt(-2_000), madeAt(2_000), madeAt(61_000)];
    const ids = (offset: number) =>
      recentJobs(jobs, openSends(after(mine), 'apiframe'), all, offset).map(({ id }) => id);
    expect(ids(0)).toEqual(['job-2000', 'job-61000']);
    expect(ids(3_001)).toEqual(['job-61000']);
    expect(ids(-10_000)).toEqual(jobs.map(({ id }) => id));
  });

  test('is not of a send that took a job by count', () => {
    const counted = { type: 'accepted', at: 3, job, send: '1.1', proof: 'count' } as const;
    const { send, all } = rivals([sending(2, { words })], [sending(1, { words }), counted]);
    expect(all).toHaveLength(2);
    expect(takeByCount(send, [madeAt(20)], all, same)).toMatchObject({ job: { id: 'job-20' } });
  });
});

test('jobs are polled for their words in the order in which they can be of a send, by the clock of the host', () => {
  const { all } = openSends(after(sending(10_000), sending(90_000)), 'apiframe');
  const jobs = [...listed('undated'), ...[0, 13_000, 20_000, 92_000, 300_000].map((at) => madeAt(at))];
  const ids = nearestFirst(jobs, all, 3_000).map(({ id }) => id);
  expect(ids).toEqual(['job-13000', 'job-92000', 'job-20000', 'job-0', 'job-300000', 'undated']);
});

describe('an id in an error', () => {
  const [send] = openSends(after(sending(0)), 'apiframe').all;
  if (!send) throw new Error('it is open');
  const read = (more: object) =>
    readLookUp({ id: 'a', send, snapshot: listed('a')[0], status: 200, isSame: () => undefined, ...more });

  test('is ours unless it is no job, another, or one in other words', () => {
    expect(read({})).toBe('ours');
    expect(read({ isSame: undefined })).toBe('ours');
    expect(read({ isSame: () => false })).toBe('gone');
    expect(read({ snapshot: listed('b')[0] })).toBe('unclear');
    for (const status of [400, 404, 410]) expect(read({ snapshot: undefined, status })).toBe('gone');
    for (const status of [undefined, 200, 500]) expect(read({ snapshot: undefined, status })).toBe('unclear');
  });
});

test('pages are read until they are older than the send, and twenty at most', () => {
  expect(readsOn(1, 'next', madeAt(1_000), 1_000)).toBe(true);
  expect(readsOn(1, 'next', madeAt(999), 1_000)).toBe(false);
  expect(readsOn(1, 'next', listed('a')[0], 1_000)).toBe(true);
  expect(readsOn(1, undefined, madeAt(1_000), 1_000)).toBe(false);
  expect([readsOn(19, 'next', undefined, 0), readsOn(20, 'next', undefined, 0)]).toEqual([true, false]);
});

describe('the last look before the bytes leave', () => {
  const first = sending(0);
  const look = (more: object, sent = first) =>
    unsentInstead({
      ...{ before: after(), state: after(sent), sending: sent, isInterrupted: false, keyIsGood: true, at: 9 },
      ...more,
    });
  const { key: _, ...keyless } = first;
  const again = { before: after(first), state: after(first, sending(5)) };

  test('lets them leave for the first time, and again under a key that the host remembers', () => {
    expect(look({})).toBeUndefined();
    expect(look({ keyIsGood: false }, keyless)).toBeUndefined();
    expect(look(again, sending(5))).toBeUndefined();
  });

  test('keeps them back where the key is forgotten by now, or nothing tells the repeat from a new request', () => {
    expect(look({ keyIsGood: false })).toMatchObject({ type: 'unsent', at: 9, send: first.send });
    expect(look({ ...again, keyIsGood: false }, sending(5))).toMatchObject({ type: 'unsent', send: '1.5' });
    expect(look({ before: after(keyless) }, keyless)).toMatchObject({ type: 'unsent' });
  });

  test('keeps them back when the caller has gone', () => {
    expect(look({ isInterrupted: true })).toMatchObject({ type: 'unsent', ending: { code: 'timeout', early: true } });
  });
});

test('a job has failed when two polls in a row say so', () => {
  const job = { provider: 'apiframe', modelId: 'seedream-4', id: 'a' };
  const accepted = after(sending(0), { type: 'accepted', at: 1, job, send: '1.0' });
  const failed = (...states: readonly ('failed' | 'processing')[]): boolean[] => {
    const polled = (state: IntentState, now: (typeof states)[number]) =>
      reduce(state, { type: 'answered', jobId: 'a', snapshot: { id: 'a', state: now, outputs: [] } });
    return states.reduce(polled, accepted).jobs.map(hasFailed);
  };
  expect(failed('failed')).toEqual([false]);
  expect(failed('failed', 'processing', 'failed')).toEqual([false]);
  expect(failed('failed', 'processing', 'failed', 'failed')).toEqual([true]);
});

test('an intent is closed at its end where all is known that was spent, and nothing can still come', () => {
  const told = { billed: 'no', resumable: false } as const;
  expect(closesAtEnd(told, false, false)).toBe(true);
  expect(closesAtEnd({ ...told, billed: 'yes' }, false, false)).toBe(true);
  expect(closesAtEnd({ ...told, billed: 'unknown' }, false, false)).toBe(false);
  expect(closesAtEnd({ ...told, resumable: true }, false, false)).toBe(false);
  expect(closesAtEnd(told, true, false)).toBe(false);
  expect(closesAtEnd(told, false, true)).toBe(false);
});

describe('an event', () => {
  const job = { provider: 'apiframe', modelId: 'seedream-4', id: 'a' };
  const rejected = { type: 'rejected', at: 2, code: 'invalid_request', send: '1.0' } as const;
  const accepted = { type: 'accepted', at: 2, job, send: '1.0' } as const;
  const judge = (events: readonly LedgerEvent[], event: LedgerEvent, more: object) =>
    judgeAppend({ record: { intent, events }, event, isFresh: true, ...more });

  test('that an answer proved, or that nothing left, is written under an old fence, too', () => {
    const unsent = { type: 'unsent', at: 2, send: '1.0' } as const;
    for (const event of [accepted, rejected, unsent]) {
      expect(judge([sending(0)], event, { isFresh: false })).toBe('write');
    }
    expect(() => judge([sending(0), accepted], unsent, { isFresh: false })).toThrow(ImageError);
  });

  test('that says less than what is known is not', () => {
    const late = () => judge([sending(0), accepted], rejected, { isFresh: false });
    expect(late).toThrow(expect.objectContaining({ reason: 'ledger_stale' }));
  });

  test('whose reply was lost is written once', () => {
    expect(judge([sending(0)], sending(0), { length: 0 })).toBe('written');
    expect(judge([sending(0)], accepted, { length: 1 })).toBe('write');
  });

  test('of a writer that does not know what another has written is refused', () => {
    const other = () => judge([sending(0)], sending(5), { length: 0 });
    expect(other).toThrow(expect.objectContaining({ reason: 'ledger_conflict' }));
  });
});
