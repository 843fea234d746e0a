import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/ledger/facts.ts';
import { foldRecord, isUnfinished, reduce } from '../../src/ledger/reduce.ts';
import { currentJob, type IntentState, phaseOf, type Sending } from '../../src/ledger/state.ts';
import { type Circumstances, next } from '../../src/picture/next.ts';

const target = { provider: 'apiframe', modelId: 'seedream-4' };
const intent = {
  ...{ id: 'one', createdAt: 0, route: [target] },
  request: { prompt: 'a pier', images: [], fit: 'exact', providerOptions: {} },
} as const;
const sending = (at: number, more: Partial<Sending>): Sending => ({
  ...{ type: 'sending', at, attempt: 1, target, send: `1.${at}` },
  request: { method: 'POST', path: '/x', body: {} },
  ...more,
});
const after = (...events: readonly LedgerEvent[]): IntentState => foldRecord({ intent, events });

describe('a job that a person adopts for an intent that has its picture', () => {
  const jobOf = (id: string) => ({ ...target, id });
  const settled = (id: string, outcome: 'completed' | 'failed'): LedgerEvent => {
    const billed = outcome === 'failed' ? 'no' : 'yes';
    return { type: 'settled', at: 3, outcome, billed, jobId: id, urls: [], cost: { source: 'unknown' } };
  };
  const lost = sending(0, { send: 'lost', key: 'first' });
  const had = [lost, sending(1, { attempt: 2, key: 'second' })];
  const first = { type: 'accepted', at: 2, job: jobOf('first'), send: '1.1' } as const;
  const delivered = { type: 'delivered', at: 4 } as const;
  const adopted = { type: 'accepted', at: 5, job: jobOf('second'), send: 'lost', proof: 'human' } as const;
  const now: Circumstances = {
    ...{
      models: 2,
      keyIsGood: true,
      lists: true,
      mayRepeat: true,
      proceed: false,
      sends: true,
      looksOnly: false,
      jitter: 0,
    },
    remaining: 60_000,
  };

  test('is the one that is delivered next', () => {
    const state = after(...had, first, settled('first', 'completed'), delivered, adopted);
    expect(currentJob(state)?.job.id).toBe('second');
    expect(next(state, now)).toMatchObject({ do: 'poll', job: { job: { id: 'second' } } });
    expect([isUnfinished(state), phaseOf(state)]).toEqual([true, 'accepted']);
    const both = [settled('second', 'completed'), delivered].reduce<IntentState>(reduce, state);
    expect([isUnfinished(both), both.jobs.map((job) => job.delivered)]).toEqual([false, [true, true]]);
  });

  test('is what is told of when it fails: the picture is not handed over again', () => {
    const state = after(...had, first, settled('first', 'completed'), delivered, adopted, settled('second', 'failed'));
    expect(next(state, now)).toEqual({ do: 'fail', ending: { code: 'job_failed' } });
    expect(isUnfinished(reduce(state, delivered))).toBe(false);
  });

  test('keeps the intent open where the first picture is delivered only then', () => {
    const state = after(...had, first, adopted, settled('first', 'completed'), delivered);
    expect([isUnfinished(state), currentJob(state)?.job.id]).toEqual([true, 'second']);
    const ended = after(...had, first, adopted, settled('first', 'completed'), settled('second', 'failed'), delivered);
    expect(isUnfinished(ended)).toBe(false);
  });

  test('does not keep an intent open that ends without any picture', () => {
    expect(isUnfinished(after(lost, { ...first, send: 'lost' }, delivered))).toBe(false);
  });
});
