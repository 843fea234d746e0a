import { describe, expect, test } from 'vitest';
import { check, type Rule } from './checker.ts';
import type { History } from './notes.ts';
import { callOf, entryOf, jobOf, parkedHistory, rightHistory, submitOf, toldOf } from './planted.ts';

const broken = (history: History): Rule[] => [...new Set(check(history).map(({ rule }) => rule))];

describe('the checker finds nothing wrong with', () => {
  test('a picture that was paid once and delivered', () => expect(check(rightHistory)).toEqual([]));

  test('a lost answer that is parked with its candidate', () => expect(check(parkedHistory)).toEqual([]));

  test('a call that never returned because its process died', () => {
    const calls = [callOf({ ended: undefined, crashed: true })];
    const crashes = [{ client: 'p0.1', at: 50 }];
    expect(check({ ...rightHistory, told: [], calls, crashes })).toEqual([]);
  });

  test('the same key twice within its lifetime', () => {
    const submits = [submitOf(0, { key: 'k', told: 'nothing' }), submitOf(1, { key: 'k', at: 500, job: 'job0' })];
    const [, ...entries] = rightHistory.entries;
    expect(check({ ...rightHistory, submits, entries: [entryOf('a', 'sending', { key: 'k' }), ...entries] })).toEqual(
      [],
    );
  });

  test('a second submit after a failure that was shown and refunded', () => {
    const submits = [submitOf(0), submitOf(1, { at: 500 })];
    const jobs = [jobOf(0, { kept: false, completes: false, failedShownAt: 400 }), jobOf(1)];
    const accepted = entryOf('a', 'accepted', { job: 'job1', at: 510 });
    const deliveries = rightHistory.deliveries.map((each) => ({ ...each, job: 'job1' }));
    const told = [toldOf('a', { billed: 'no', at: 450 }), toldOf('a', { what: 'picture', jobs: ['job1'] })];
    const entries = [...rightHistory.entries, accepted];
    expect(check({ ...rightHistory, submits, jobs, entries, deliveries, told })).toEqual([]);
  });

  test('two intents with equal words whose jobs were swapped: they are interchangeable', () => {
    const submits = [submitOf(0), submitOf(1)];
    const entries = [
      ...[entryOf('a', 'sending'), entryOf('b', 'sending')],
      ...[entryOf('a', 'accepted', { job: 'job1' }), entryOf('b', 'accepted', { job: 'job0' })],
    ];
    const history = { ...rightHistory, submits, entries, deliveries: [], told: [], jobs: [jobOf(0), jobOf(1)] };
    expect(check({ ...history, open: ['ledger a', 'ledger b'] })).toEqual([]);
  });
});

describe("'no', told before an equal job was taken that another intent had sent,", () => {
  const submits = [submitOf(0, { told: 'nothing' }), submitOf(1, { told: 'refused', job: undefined })];
  const later = submitOf(2, { at: 500, told: 'nothing' });
  const taken = (proof: string): History => ({
    ...rightHistory,
    ...{ submits: [...submits, later], jobs: [jobOf(0), jobOf(2)], deliveries: [], open: ['ledger a', 'ledger b'] },
    entries: [
      ...[entryOf('a', 'sending'), entryOf('b', 'sending'), entryOf('b', 'sending', { at: 499 })],
      entryOf('b', 'accepted', { job: 'job0', at: 600, proof }),
    ],
    told: [toldOf('b', { billed: 'no', at: 400 }), toldOf('a', { candidates: ['job0', 'job2'], at: 700 })],
  });

  test.each(['human', 'count'])('is true where it was taken by %s', (proof) => {
    expect(broken(taken(proof))).toEqual([]);
  });

  test('is false where an answer says whose it is', () => {
    expect(broken(taken('answer'))).toEqual(['told no, charged']);
  });
});

describe('the checker names', () => {
  const sends = (...submits: History['submits']): Partial<History> => ({ submits });
  const planted: [Rule, string, Partial<History>][] = [
    [
      'two owners',
      'a job that two intents have',
      { entries: [...rightHistory.entries, entryOf('b', 'sending'), entryOf('b', 'accepted', { job: 'job0' })] },
    ],
    ["somebody else's job", "another program's job", { jobs: [jobOf(undefined, { id: 'job0' })] }],
    ["somebody else's job", 'a picture of other words', { jobs: [jobOf(0, { words: 'a windmill' })] }],
    ["somebody else's job", "another ledger's job", sends(submitOf(0, { ledger: 'other' }))],
    [
      'paid twice',
      'a second charge for one intent',
      { ...sends(submitOf(0), submitOf(1, { at: 500 })), jobs: [jobOf(0), jobOf(1)] },
    ],
    [
      'sent again without proof',
      'a second submit after a lost answer, even if only one was accepted',
      sends(submitOf(0, { told: 'nothing', job: undefined }), submitOf(1, { at: 500, job: 'job0' })),
    ],
    [
      'sent again without proof',
      'a key that is repeated after the host has forgotten it',
      {
        ...sends(submitOf(0, { key: 'k', told: 'nothing' }), submitOf(1, { key: 'k', at: 90_000_000, job: undefined })),
        entries: rightHistory.entries.map((each) => (each.type === 'sending' ? { ...each, key: 'k' } : each)),
      },
    ],
    ['told no, charged', "'no' for a charge that stays", { told: [toldOf('a', { billed: 'no' })] }],
    ['told no, charged', "an attempt that says 'no'", { told: [toldOf('a', { what: 'picture', free: ['job0'] })] }],
    ['told yes, without a job', "'yes' without a job", { told: [toldOf('a', { billed: 'yes' })] }],
    [
      'told yes, without a job',
      "'yes' with a job that is none",
      { told: [toldOf('a', { billed: 'yes', jobs: ['request-4711'] })] },
    ],
    ['late', 'a call that ends after its deadline', { calls: [callOf({ ended: 1_200 })] }],
    ['never ended', 'a call that never ends', { calls: [callOf({ ended: undefined })] }],
    ['untyped', 'a raw TypeError', { told: [toldOf('a', { what: 'untyped', message: 'x is undefined' })] }],
    [
      'lost',
      'a charge that nobody knows of',
      { ...parkedHistory, open: [], entries: [entryOf('a', 'sending'), entryOf('a', 'rejected')] },
    ],
    ['lost', 'a parked intent that does not name its job', { ...parkedHistory, told: [toldOf('a')] }],
    ['lost', 'a picture that was closed and that nobody got', { deliveries: [], told: [] }],
    [
      'delivered twice',
      'a resume that hands over what was handed over',
      {
        calls: [callOf(), callOf({ n: 1, kind: 'resume', begun: 200, ended: 300 })],
        deliveries: [
          ...rightHistory.deliveries,
          { call: 1, ledger: 'ledger', intentId: 'a', job: 'job0', begun: 250, ended: 260 },
        ],
      },
    ],
    [
      'sent before it was written',
      'a submit that the ledger does not know',
      { ...sends(submitOf(0, { words: 'wavespeed /api/v3/m {}' })), jobs: [jobOf(0)] },
    ],
    [
      'in doubt about nothing',
      'a living process that does not know that it sent nothing',
      { ...parkedHistory, ...sends(), jobs: [], told: [toldOf('a')] },
    ],
  ];

  test.each(planted)('%s: %s', (rule, _what, more) => {
    const found = check({ ...rightHistory, ...more });
    expect(found.map((each) => each.rule)).toContain(rule);
    for (const { what, trace } of found) expect(`${what}: ${trace}`).toMatch(/^.+: by hand: /);
  });

  test('every rule is planted at least once', () => {
    const all: Record<Rule, true> = {
      'two owners': true,
      "somebody else's job": true,
      'paid twice': true,
      'sent again without proof': true,
      'told no, charged': true,
      'told yes, without a job': true,
      late: true,
      'never ended': true,
      untyped: true,
      lost: true,
      'delivered twice': true,
      'sent before it was written': true,
      'in doubt about nothing': true,
    };
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(Object.keys(all)));
  });

  test('nothing where the ledger closed a failed attempt, and the picture came later and was not closed', () => {
    const [first] = rightHistory.deliveries;
    const history = {
      ...rightHistory,
      calls: [callOf(), callOf({ n: 1, kind: 'resume', begun: 2_000, ended: 3_000 })],
      entries: [
        entryOf('a', 'delivered', { at: 1 }),
        ...rightHistory.entries.filter(({ type }) => type !== 'delivered'),
      ],
      deliveries: [
        ...rightHistory.deliveries,
        { call: 1, ledger: 'ledger', intentId: 'a', job: first?.job ?? '', begun: 2_500, ended: 2_600 },
      ],
    };
    expect(broken(history)).not.toContain('delivered twice');
  });

  test('nothing where a human said absent, and everything where nobody did', () => {
    const submits = [submitOf(0, { told: 'nothing' }), submitOf(1, { at: 500 })];
    const entries = [entryOf('a', 'sending'), entryOf('a', 'accepted', { job: 'job1', at: 510 })];
    const deliveries = rightHistory.deliveries.map((each) => ({ ...each, job: 'job1' }));
    const told = [toldOf('a', { what: 'picture', jobs: ['job1'] })];
    const settled = { ...rightHistory, submits, entries, deliveries, told, jobs: [jobOf(0), jobOf(1)] };
    expect(broken(settled)).toEqual(['paid twice', 'sent again without proof', 'lost']);
    expect(broken({ ...settled, humans: [{ ledger: 'ledger', intentId: 'a', at: 200 }] })).toEqual([]);
  });
});
