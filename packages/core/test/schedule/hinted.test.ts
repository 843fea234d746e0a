import { describe, expect, test } from 'vitest';
import { hinted } from '../../src/schedule/hinted.ts';
import { leastInterval, type Pace, type PollContext } from '../../src/schedule/schedule.ts';
import { logNormal, normalQuantile, seeded, stratified } from './distributions.ts';
import { leastDelay } from './optimum.ts';
import { every, type Simulated, simulate } from './simulate.ts';

const kinds = [
  [3_000, 0.3],
  [3_000, 0.5],
  [12_000, 0.3],
  [12_000, 0.5],
  [300, 0.3],
  [30_000, 0.4],
] as const;
const intervals = [2_000, 2_500] as const;
const cases = kinds.flatMap(([median, sigma]) => intervals.map((interval) => [median, sigma, interval] as const));

interface World {
  readonly median: number;
  readonly sigma: number;
  readonly interval: number;
  readonly pace?: Pace;
  /** How much longer jobs take than the hint says. */
  readonly factor?: number;
  readonly progress?: (elapsed: number, total: number) => number;
}

function run({ median, sigma, interval, pace = 'default', factor = 1, progress }: World): Record<string, Simulated> {
  const jobs = stratified(logNormal(median * factor, sigma), 1_000);
  const terms = { jobs, latency: { median, sigma }, interval, pace, ...(progress && { progress }) };
  return { documented: simulate(every(interval), terms), hinted: simulate(hinted, terms) };
}

const at = (context: Partial<PollContext>): number =>
  hinted({
    ...{ elapsed: 0, lastPoll: 0, polls: 0, interval: 2_000, pace: 'default', bucket: 'bucket' },
    latency: { median: 12_000, sigma: 0.5 },
    ...context,
  });

describe.each(cases)('a median of %d ms, sigma %d, an interval of %d ms', (median, sigma, interval) => {
  const { documented, hinted: usual } = run({ median, sigma, interval });

  test('is polled no more often than the documented interval would', () => {
    expect(usual?.polls).toBeLessThanOrEqual(documented?.polls ?? 0);
    expect(usual?.leastGap).toBeGreaterThanOrEqual(leastInterval.default);
  });

  test('is found done in at most three quarters of the time, near the best that is possible', () => {
    expect(usual?.delay).toBeLessThanOrEqual(0.75 * (documented?.delay ?? 0));
    const times = stratified(logNormal(median, sigma), 1_000);
    const best = leastDelay({ times, leastGap: leastInterval.default }, documented?.polls ?? 0);
    // The first poll comes sooner than would be best, for hints that are too long.
    expect(usual?.delay).toBeLessThanOrEqual(1.2 * best.delay);
  });

  test('is found done sooner by a caller of the aggressive pace, with no gap below 250 ms', () => {
    const { hinted: aggressive } = run({ median, sigma, interval, pace: 'aggressive' });
    expect(aggressive?.leastGap).toBeGreaterThanOrEqual(leastInterval.aggressive);
    expect(aggressive?.delay).toBeLessThan(0.09 * median + leastInterval.aggressive);
    expect(aggressive?.polls).toBeLessThan(6);
  });
});

test.each([
  [3_000, 0.3],
  [3_000, 0.5],
  [12_000, 0.3],
])(
  'a median of %d ms, sigma %d, is found done in about half the time or with a spread of 0.5 in 0.7',
  (median, sigma) => {
    const { documented, hinted: usual } = run({ median, sigma, interval: 2_000 });
    expect((usual?.delay ?? 0) / (documented?.delay ?? 1)).toBeLessThan(sigma === 0.3 ? 0.56 : 0.71);
  },
);

describe.each(cases.slice(0, 8))('a hint of %d ms, sigma %d, an interval of %d ms', (median, sigma, interval) => {
  test.each([1 / 3, 3])('that jobs miss by %d costs bounded time and bounded polls', (factor) => {
    const { documented, hinted: usual } = run({ median, sigma, interval, factor });
    expect(usual?.delay).toBeLessThan(2.1 * (documented?.delay ?? 0));
    expect(usual?.polls).toBeLessThan(1.6 * (documented?.polls ?? 0));
  });

  test('does not starve a job that takes twenty times as long, nor pester it', () => {
    const { documented, hinted: usual } = run({ median, sigma, interval, factor: 20 });
    expect(usual?.delay).toBeLessThan(0.2 * 20 * median);
    expect(usual?.polls).toBeLessThan(1.2 * (documented?.polls ?? 0));
  });
});

describe('progress', () => {
  const random = seeded(11);
  const exact = (elapsed: number, total: number): number => (100 * elapsed) / total;
  const noisy = (elapsed: number, total: number): number =>
    Math.min(99, exact(elapsed, total) * Math.exp(0.3 * normalQuantile(random()) * (1 - elapsed / total)));

  test.each([exact, noisy])('places the polls', (progress) => {
    const silent = { median: 12_000, sigma: 0.5, interval: 2_500 };
    const product = (world: World): number => run(world).hinted?.product ?? 0;
    expect(product({ ...silent, progress })).toBeLessThanOrEqual(0.42 * product(silent));
    const aggressive = { ...silent, pace: 'aggressive' } as const;
    expect(product({ ...aggressive, progress })).toBeLessThanOrEqual(0.4 * product(aggressive));
  });

  test.each([1, 10, 50, 99])('that is stuck at %d does not starve the polls', (stuck) => {
    const { documented, hinted: usual } = run({ median: 12_000, sigma: 0.5, interval: 2_500, progress: () => stuck });
    expect(usual?.delay).toBeLessThan(2.2 * (documented?.delay ?? 0));
    expect(usual?.polls).toBeLessThan(1.6 * (documented?.polls ?? 0));
  });

  test.each([0, -5, 100, 250, Number.NaN, Number.POSITIVE_INFINITY])('of %d says nothing', (progress) => {
    const context = { elapsed: 8_000, lastPoll: 8_000, polls: 1 };
    expect(at({ ...context, progress })).toBe(at(context));
  });

  test('near the end calls for the next poll soon, early progress for a later one', () => {
    const context = { elapsed: 8_000, lastPoll: 8_000, polls: 1 };
    expect(at({ ...context, progress: 95 })).toBeLessThan(1_300);
    expect(at({ ...context, progress: 40 })).toBeGreaterThan(3_000);
  });
});

describe.each<Pace>(['default', 'aggressive'])('%s', (pace) => {
  const odd = [0, -1, 1e-9, 0.3, 1e9, Number.NaN, Number.POSITIVE_INFINITY];
  const latencies = odd.flatMap((median) => odd.map((sigma) => ({ median, sigma })));

  test.each(latencies)('waits a sane time whatever the hint: %j', (latency) => {
    for (const elapsed of [0, 1, 49, 50, 3_000, 1e5, 1e7, 1e10]) {
      for (const polls of [0, 1, 50]) {
        const gap = at({ pace, latency, elapsed, lastPoll: elapsed, polls, progress: 30 });
        expect(gap).toBeGreaterThanOrEqual(leastInterval[pace]);
        expect(gap).toBeLessThan(Number.POSITIVE_INFINITY);
      }
    }
  });
});

test('a job that has been running for long is polled now and then', () => {
  expect(at({ elapsed: 600_000, lastPoll: 600_000, polls: 80 })).toBeLessThanOrEqual(150_000);
  expect(at({ elapsed: 600_000, lastPoll: 600_000, polls: 80 })).toBeGreaterThanOrEqual(2_000);
});

test('many different hints decide as each alone', () => {
  const medians = Array.from({ length: 100 }, (_, index) => 1_000 + 100 * index);
  const gaps = medians.map((median) => at({ latency: { median, sigma: 0.5 } }));
  expect(medians.map((median) => at({ latency: { median, sigma: 0.5 } }))).toEqual(gaps);
  expect(new Set(gaps).size).toBeGreaterThan(50);
});
