import { describe, expect, test } from 'vitest';
import { hinted } from '../../src/schedule/hinted.ts';
import { type LookContext, leastGap, type Pace } from '../../src/schedule/schedule.ts';
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

function run({ median, sigma, interval, pace = 'polite', factor = 1, progress }: World): Record<string, Simulated> {
  const jobs = stratified(logNormal(median * factor, sigma), 1_000);
  const terms = { jobs, latency: { median, sigma }, interval, pace, ...(progress && { progress }) };
  return { documented: simulate(every(interval), terms), hinted: simulate(hinted, terms) };
}

const at = (context: Partial<LookContext>): number =>
  hinted({
    ...{ elapsed: 0, lastLook: 0, looks: 0, interval: 2_000, pace: 'polite', kind: 'kind' },
    latency: { median: 12_000, sigma: 0.5 },
    ...context,
  });

describe.each(cases)('a median of %d ms, sigma %d, an interval of %d ms', (median, sigma, interval) => {
  const { documented, hinted: polite } = run({ median, sigma, interval });

  test('is looked at no more often than the documented interval would', () => {
    expect(polite?.looks).toBeLessThanOrEqual(documented?.looks ?? 0);
    expect(polite?.leastGap).toBeGreaterThanOrEqual(leastGap.polite);
  });

  test('is found done in at most three quarters of the time, near the best that is possible', () => {
    expect(polite?.delay).toBeLessThanOrEqual(0.75 * (documented?.delay ?? 0));
    const times = stratified(logNormal(median, sigma), 1_000);
    const best = leastDelay({ times, leastGap: leastGap.polite }, documented?.looks ?? 0);
    // The first look comes sooner than would be best, for hints that are too long.
    expect(polite?.delay).toBeLessThanOrEqual(1.2 * best.delay);
  });

  test('is found done sooner by a keen caller, with no gap below 250 ms', () => {
    const { hinted: keen } = run({ median, sigma, interval, pace: 'keen' });
    expect(keen?.leastGap).toBeGreaterThanOrEqual(leastGap.keen);
    expect(keen?.delay).toBeLessThan(0.09 * median + leastGap.keen);
    expect(keen?.looks).toBeLessThan(6);
  });
});

test.each([
  [3_000, 0.3],
  [3_000, 0.5],
  [12_000, 0.3],
])(
  'a median of %d ms, sigma %d, is found done in about half the time or with a spread of 0.5 in 0.7',
  (median, sigma) => {
    const { documented, hinted: polite } = run({ median, sigma, interval: 2_000 });
    expect((polite?.delay ?? 0) / (documented?.delay ?? 1)).toBeLessThan(sigma === 0.3 ? 0.56 : 0.71);
  },
);

describe.each(cases.slice(0, 8))('a hint of %d ms, sigma %d, an interval of %d ms', (median, sigma, interval) => {
  test.each([1 / 3, 3])('that jobs miss by %d costs bounded time and bounded looks', (factor) => {
    const { documented, hinted: polite } = run({ median, sigma, interval, factor });
    expect(polite?.delay).toBeLessThan(2.1 * (documented?.delay ?? 0));
    expect(polite?.looks).toBeLessThan(1.6 * (documented?.looks ?? 0));
  });

  test('does not starve a job that takes twenty times as long, nor pester it', () => {
    const { documented, hinted: polite } = run({ median, sigma, interval, factor: 20 });
    expect(polite?.delay).toBeLessThan(0.2 * 20 * median);
    expect(polite?.looks).toBeLessThan(1.2 * (documented?.looks ?? 0));
  });
});

describe('progress', () => {
  const random = seeded(11);
  const exact = (elapsed: number, total: number): number => (100 * elapsed) / total;
  const noisy = (elapsed: number, total: number): number =>
    Math.min(99, exact(elapsed, total) * Math.exp(0.3 * normalQuantile(random()) * (1 - elapsed / total)));

  test.each([exact, noisy])('places the looks', (progress) => {
    const silent = { median: 12_000, sigma: 0.5, interval: 2_500 };
    const product = (world: World): number => run(world).hinted?.product ?? 0;
    expect(product({ ...silent, progress })).toBeLessThanOrEqual(0.42 * product(silent));
    const keen = { ...silent, pace: 'keen' } as const;
    expect(product({ ...keen, progress })).toBeLessThanOrEqual(0.4 * product(keen));
  });

  test.each([1, 10, 50, 99])('that is stuck at %d does not starve the looks', (stuck) => {
    const { documented, hinted: polite } = run({ median: 12_000, sigma: 0.5, interval: 2_500, progress: () => stuck });
    expect(polite?.delay).toBeLessThan(2.2 * (documented?.delay ?? 0));
    expect(polite?.looks).toBeLessThan(1.6 * (documented?.looks ?? 0));
  });

  test.each([0, -5, 100, 250, Number.NaN, Number.POSITIVE_INFINITY])('of %d says nothing', (progress) => {
    const context = { elapsed: 8_000, lastLook: 8_000, looks: 1 };
    expect(at({ ...context, progress })).toBe(at(context));
  });

  test('near the end calls for the next look soon, early progress for a later one', () => {
    const context = { elapsed: 8_000, lastLook: 8_000, looks: 1 };
    expect(at({ ...context, progress: 95 })).toBeLessThan(1_300);
    expect(at({ ...context, progress: 40 })).toBeGreaterThan(3_000);
  });
});

describe.each<Pace>(['polite', 'keen'])('%s', (pace) => {
  const odd = [0, -1, 1e-9, 0.3, 1e9, Number.NaN, Number.POSITIVE_INFINITY];
  const latencies = odd.flatMap((median) => odd.map((sigma) => ({ median, sigma })));

  test.each(latencies)('waits a sane time whatever the hint: %j', (latency) => {
    for (const elapsed of [0, 1, 49, 50, 3_000, 1e5, 1e7, 1e10]) {
      for (const looks of [0, 1, 50]) {
        const gap = at({ pace, latency, elapsed, lastLook: elapsed, looks, progress: 30 });
        expect(gap).toBeGreaterThanOrEqual(leastGap[pace]);
        expect(gap).toBeLessThan(Number.POSITIVE_INFINITY);
      }
    }
  });
});

test('a job that has been running for long is looked at now and then', () => {
  expect(at({ elapsed: 600_000, lastLook: 600_000, looks: 80 })).toBeLessThanOrEqual(150_000);
  expect(at({ elapsed: 600_000, lastLook: 600_000, looks: 80 })).toBeGreaterThanOrEqual(2_000);
});

test('many different hints decide as each alone', () => {
  const medians = Array.from({ length: 100 }, (_, index) => 1_000 + 100 * index);
  const gaps = medians.map((median) => at({ latency: { median, sigma: 0.5 } }));
  expect(medians.map((median) => at({ latency: { median, sigma: 0.5 } }))).toEqual(gaps);
  expect(new Set(gaps).size).toBeGreaterThan(50);
});
