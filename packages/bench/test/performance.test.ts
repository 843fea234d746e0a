import { describe, expect, test, vi } from 'vitest';
import { hinted } from '../../core/src/schedule/hinted.ts';
import { logNormal, stratified } from '../src/performance/distributions.ts';
import { rehearseAll, type View } from '../src/performance/learned.ts';
import { toPage } from '../src/performance/page.ts';
import { parts } from '../src/performance/parts.ts';
import { drawCost, drawDetection } from '../src/performance/plots.ts';
import { leanest, type SizeResult } from '../src/performance/size.ts';
import { best, leastProduct } from '../src/performance/theory.ts';

vi.setConfig({ testTimeout: 120_000, maxConcurrency: 10 });

/** What everybody who runs it at full size sees, in a few seconds: no time of it means anything. */
describe('every part of the benchmark runs', () => {
  test.concurrent.each(parts)('$name', async (part) => {
    const result = await part.run(true);
    const { tables, costs = [] } = part.show(result);
    expect(tables.length).toBeGreaterThan(0);
    for (const { head, rows } of tables) for (const row of rows) expect(row).toHaveLength(head.length);
    const kept = { date: '', node: '', machine: '', took: 0, result };
    const page = toPage([{ part, kept }]);
    expect(page).toContain(`## ${part.title}`);
    for (const { what } of costs) expect(page.split('## Targets')[0]).toContain(what);
    if (part.name === 'size') expectNoGrowth(result as SizeResult);
    if (part.name === 'detection') expect(drawDetection(result as never)).not.toContain('NaN');
    if (part.name === 'many') expect(drawCost(result as never)).not.toContain('NaN');
  });
});

// Bytes of min+gzip: the target for what an import loads, and what was last accepted for everything, and 2 % more.
const most = { first: 24 * 1024, everything: 1.02 * 97_600 };

function expectNoGrowth({ sizes }: SizeResult): void {
  const size = sizes.find(({ name }) => name === leanest);
  expect(size?.first).toBeLessThan(most.first);
  expect(size?.gzipped).toBeLessThan(most.everything);
}

test('the page opens with one line for each cost, and a dash for what was not measured', () => {
  const result = { rows: [], rounds: 0, noise: { loop: 0, cpu: 0, wall: 0, others: undefined } };
  const row = { client: 'wavespeed', concurrency: 64, requests: 2, cpu: 1, raw: 1, ratio: 1.25, spread: 0, wall: 1 };
  const [cpu] = parts;
  if (!cpu) throw new Error('no part');
  const kept = { date: '', node: '', machine: '', took: 0, result: { ...result, rows: [row] } };
  const [opening = ''] = toPage([{ part: cpu, kept }]).split('## Targets');
  const line = opening.split('\n').find((each) => each.includes('against bare `fetch`'));
  expect(line?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'CPU of a call, 64 at a time, against bare `fetch`',
    ...['–', '–', '1.25x', '–', '–', '–', ''],
  ]);
  expect(opening.split('\n').length).toBeLessThan(40);
});

describe('the default polls no more often than the host documents, and notices sooner', () => {
  const cases = [0.3, 0.5].flatMap((sigma) =>
    [3_000, 12_000].flatMap((median) => [2_000, 2_500].map((interval) => ({ median, sigma, interval }))),
  );
  test.each(cases)('median $median ms, σ $sigma, every $interval ms', ({ median, sigma, interval }) => {
    const distribution = logNormal(median, sigma);
    const view: View = { latency: distribution.latency, interval, pace: 'default' };
    const durations = stratified(distribution, 2_000);
    const ours = rehearseAll(hinted, durations, view);
    const documented = rehearseAll(() => interval, durations, view);
    expect(ours.polls).toBeLessThanOrEqual(documented.polls);
    expect(ours.delay).toBeLessThan(documented.delay);
  });
});

test('the theory is that of speed.md', () => {
  expect(leastProduct(logNormal(3_000, 0.3)) / 3_000).toBeCloseTo(0.267, 2);
  expect(leastProduct(logNormal(3_000, 0.5)) / 3_000).toBeCloseTo(0.415, 2);
  const { polls, delay } = best(logNormal(3_000, 0.3), 6);
  expect((polls * delay) / leastProduct(logNormal(3_000, 0.3))).toBeCloseTo(1, 1);
});
