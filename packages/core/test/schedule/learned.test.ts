import { describe, expect, test } from 'vitest';
import { createLearnedSchedule } from '../../src/learned/index.ts';
import { hinted } from '../../src/schedule/hinted.ts';
import { leastInterval, type Observation, type Pace, type Schedule } from '../../src/schedule/schedule.ts';
import { type Distribution, logNormal, mixed, normalQuantile, sampled, seeded, stratified } from './distributions.ts';
import { cheapest, leastDelay } from './optimum.ts';
import { every, type Simulated, type Simulation, simulate, summarise } from './simulate.ts';

type Terms = Pick<Simulation, 'latency' | 'interval' | 'pace'>;

const terms = (median: number, sigma: number, pace: Pace): Terms => ({
  latency: { median, sigma },
  interval: 2_000,
  pace,
});
const coldStarts = mixed(0.8, logNormal(3_000, 0.25), logNormal(15_000, 0.25));
const runs = 5;

/** What jobs cost, polls and waiting together, against the best that anyone could do who knows the distribution. */
function judge(distribution: Distribution, { interval, latency, pace }: Terms): (found: Simulated) => number {
  const times = stratified(distribution, 1_000);
  const limits = { times, leastGap: leastInterval[pace] };
  const documented = simulate(every(interval), { jobs: times, interval, latency, pace });
  const best =
    pace === 'aggressive' ? cheapest(limits, 0.015 * distribution(0.5)) : leastDelay(limits, documented.polls * 1.001);
  const cost = ({ polls, delay }: { polls: number; delay: number }): number => best.price * polls + delay;
  return (found) => cost(found) / cost(best);
}

/** How it does by what it knows, learning no more. */
const examine = (schedule: Schedule, distribution: Distribution, rest: Terms): Simulated =>
  simulate((context) => schedule(context), { jobs: stratified(distribution, 200), ...rest });

function learnFrom(distribution: Distribution, count: number, rest: Terms, seed: number) {
  const schedule = createLearnedSchedule();
  simulate(schedule, { jobs: sampled(distribution, count, seeded(seed)), ...rest });
  return schedule;
}

const average = (read: (run: number) => number): number =>
  Array.from({ length: runs }, (_, run) => read(run)).reduce((sum, value) => sum + value, 0) / runs;

describe.each<Pace>(['aggressive', 'default'])('%s', (pace) => {
  test.each([
    ['3 s', logNormal(3_000, 0.3), terms(3_000, 0.3, pace), 20, 1.08],
    ['12 s', logNormal(12_000, 0.5), terms(12_000, 0.5, pace), 20, 1.08],
    ['12 s', logNormal(12_000, 0.5), terms(12_000, 0.5, pace), 100, 1.04],
    ['cold starts', coldStarts, terms(3_000, 0.5, pace), 100, 1.1],
    ['3 s where the hint says 12 s', logNormal(3_000, 0.3), terms(12_000, 0.5, pace), 50, 1.08],
    ['36 s where the hint says 12 s', logNormal(36_000, 0.3), terms(12_000, 0.5, pace), 50, 1.15],
  ])('knows %s almost as well as possible after some jobs', (_, distribution, rest, count, bound) => {
    const judged = judge(distribution, rest);
    expect(
      average((run) => judged(examine(learnFrom(distribution, count, rest, 100 + run), distribution, rest))),
    ).toBeLessThan(bound);
  });

  test.each([
    [3_000, 0.3],
    [12_000, 0.5],
  ])('recovers within fifty jobs from taking three times as long as %d ms', (median, sigma) => {
    const slow = logNormal(3 * median, sigma);
    const rest = terms(median, sigma, pace);
    const judged = judge(slow, rest);
    const after = average((run) => {
      const random = seeded(300 + run);
      const jobs = [...sampled(logNormal(median, sigma), 200, random), ...sampled(slow, 80, random)];
      const { watched } = simulate(createLearnedSchedule(), { jobs, ...rest });
      return judged(summarise(watched.slice(250)));
    });
    expect(after).toBeLessThan(1.2);
  });

  test.each([
    [100, 9_000],
    [1_000, 9_000],
    [1_000, 3_000],
  ])('learns from jobs that still run: %d at once, a median of %d ms', (count, median) => {
    const distribution = logNormal(median, 0.3);
    const rest = terms(3_000, 0.3, pace);
    const jobs = sampled(distribution, count, seeded(5));
    const starts = jobs.map((_, index) => (2_000 * index) / count);
    const judged = judge(distribution, rest);
    const learned = judged(simulate(createLearnedSchedule(), { jobs, starts, ...rest }));
    expect(learned).toBeLessThan(1.8);
    if (median > 3_000) expect(learned).toBeLessThan(0.9 * judged(simulate(hinted, { jobs, starts, ...rest })));
  });

  test('keeps its distance', () => {
    const jobs = sampled(logNormal(3_000, 0.5), 300, seeded(9));
    const { leastGap: least } = simulate(createLearnedSchedule(), { jobs, ...terms(12_000, 0.5, pace) });
    expect(least).toBeGreaterThanOrEqual(leastInterval[pace]);
  });
});

test('polls of the default pace are no more than the documented interval would send, once it has learned', () => {
  for (const [median, sigma] of [
    [3_000, 0.3],
    [12_000, 0.5],
  ] as const) {
    const rest = terms(median, sigma, 'default');
    const distribution = logNormal(median, sigma);
    const documented = examine(every(2_000), distribution, rest);
    const polls = average((run) => examine(learnFrom(distribution, 100, rest, run), distribution, rest).polls);
    expect(polls).toBeLessThanOrEqual(1.02 * documented.polls);
  }
});

test('finds jobs of 3 s in at most 0.4 of the time that polls at once and after every second need', () => {
  const distribution = logNormal(3_000, 0.3);
  const rest = terms(3_000, 0.3, 'aggressive');
  const usual = examine(every(1_000), distribution, rest);
  const learned = examine(learnFrom(distribution, 100, rest, 1), distribution, rest);
  expect(learned.polls).toBeLessThanOrEqual(usual.polls + 1);
  expect(learned.delay).toBeLessThanOrEqual(0.4 * usual.delay);
});

test('progress places its polls as well', () => {
  const distribution = logNormal(12_000, 0.5);
  const rest = terms(12_000, 0.5, 'aggressive');
  const schedule = learnFrom(distribution, 50, rest, 2);
  const random = seeded(3);
  const progress = (elapsed: number, total: number): number =>
    Math.min(99, ((100 * elapsed) / total) * Math.exp(0.3 * normalQuantile(random()) * (1 - elapsed / total)));
  const jobs = stratified(distribution, 400);
  const told = simulate((context) => schedule(context), { jobs, progress, ...rest });
  expect(told.product).toBeLessThan(0.4 * examine(schedule, distribution, rest).product);
});

test('the time that a host says it computed is believed', () => {
  const fast = logNormal(1_000, 0.1);
  const rest = terms(12_000, 0.5, 'aggressive');
  const jobs = sampled(fast, 4, seeded(4));
  const told = createLearnedSchedule();
  simulate(told, { jobs, inference: 1, ...rest });
  expect(examine(told, fast, rest).delay).toBeLessThan(0.3 * examine(learnFrom(fast, 4, rest, 4), fast, rest).delay);
});

describe('memory', () => {
  const distribution = logNormal(7_000, 0.4);
  const rest = terms(12_000, 0.5, 'aggressive');

  test('survives JSON: a restored schedule decides the same', () => {
    const schedule = learnFrom(distribution, 60, rest, 6);
    const restored = createLearnedSchedule({ memory: JSON.parse(JSON.stringify(schedule)) });
    for (const pace of ['aggressive', 'default'] as const) {
      for (const elapsed of [0, 2_000, 6_000, 9_000, 40_000]) {
        const context = { ...rest, pace, bucket: 'bucket', elapsed, lastPoll: elapsed, polls: Math.min(1, elapsed) };
        expect(restored(context)).toBeCloseTo(schedule(context), 6);
      }
    }
    expect(JSON.stringify(restored)).toBe(JSON.stringify(schedule));
  });

  test('is small and bounded', () => {
    const schedule = createLearnedSchedule();
    for (let index = 0; index < 300; index += 1)
      simulate(schedule, { jobs: [7_000], bucket: `bucket ${index}`, ...rest });
    const { buckets } = schedule.toJSON();
    expect(Object.keys(buckets)).toHaveLength(200);
    expect(Object.keys(buckets)).toContain('bucket 299');
    expect(JSON.stringify(learnFrom(distribution, 200, rest, 7)).length).toBeLessThan(4_000);
  });

  test('of one schedule is not that of another', () => {
    const fresh = createLearnedSchedule();
    const context = { ...rest, bucket: 'bucket', elapsed: 0, lastPoll: 0, polls: 0 };
    const before = fresh(context);
    learnFrom(distribution, 60, rest, 8);
    expect(fresh(context)).toBe(before);
    expect(fresh.toJSON().buckets).toEqual({ bucket: { ended: [], passed: [] } });
  });

  test.each([
    7,
    null,
    'memory',
    {},
    { version: 2, buckets: {} },
    { version: 1, buckets: [{}] },
    { version: 1, buckets: { a: { ended: [1] } } },
    { version: 1, buckets: { a: { ended: [-1], passed: [] } } },
    { version: 1, buckets: { a: { ended: [null], passed: [] } } },
    { version: 1, buckets: { a: { ended: Array.from({ length: 500 }, () => 1), passed: [] } } },
  ])('that makes no sense is refused: %j', (memory) => {
    expect(() => createLearnedSchedule({ memory })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('`memory`') }),
    );
  });
});

test.each([
  [{ price: 0 }, '`price`'],
  [{ price: Number.NaN }, '`price`'],
  [{ price: 2 }, '`price`'],
  [{ halfLife: 0 }, '`halfLife`'],
  [{ halfLife: Number.POSITIVE_INFINITY }, '`halfLife`'],
])('%j is refused', (options, word) => {
  expect(() => createLearnedSchedule(options)).toThrow(word);
});

test('a dearer poll means fewer of them', () => {
  const distribution = logNormal(12_000, 0.5);
  const rest = terms(12_000, 0.5, 'aggressive');
  const polls = [0.005, 0.015, 0.05].map(
    (price) => examine(createLearnedSchedule({ price }), distribution, rest).polls,
  );
  expect(polls).toEqual([...polls].sort((a, b) => b - a));
});

test('observations that make no sense are passed over', () => {
  const schedule = createLearnedSchedule();
  const rest = terms(3_000, 0.3, 'aggressive');
  const context = { ...rest, bucket: 'bucket', elapsed: 0, lastPoll: 0, polls: 0 };
  const before = schedule(context);
  const seen = { bucket: 'bucket', latency: rest.latency, from: 0, to: 3_000, done: true } satisfies Observation;
  for (const odd of [{ from: 3_000 }, { to: -1 }, { to: Number.NaN }, { from: Number.NaN }, { to: 1 / 0 }]) {
    schedule.observe({ ...seen, ...odd });
  }
  expect(schedule(context)).toBe(before);
  schedule.observe({ ...seen, inference: Number.NaN });
  expect(schedule(context)).toBeGreaterThan(0);
});
