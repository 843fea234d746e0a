import { createApiframe } from '@imageport/apiframe';
import { createWavespeed } from '@imageport/wavespeed';
import { submitImage } from '../../src/index.ts';
import '../loaded.ts';
import { scale } from '../proof/findings.ts';
import { check, type Violation } from './checker.ts';
import { playHistory } from './history-run.ts';
import type { History } from './notes.ts';
import { storyOf } from './story.ts';

export interface Covered {
  readonly tried: number;
  readonly violations: readonly (Violation & { readonly seed: number })[];
  /** How often what happened. */
  readonly sums: Readonly<Record<string, number>>;
  /** The whole last history, line by line. */
  readonly story: string;
}

/** Plays histories from seeds that follow each other, and says what they went through. */
export async function histories(count: number, seed: number): Promise<Covered> {
  const violations: (Violation & { seed: number })[] = [];
  const sums: Record<string, number> = {};
  let story = '';
  await warmUp();
  for (let nth = 0; nth < count; nth += 1) {
    const { history, counts } = await playHistory(seed + nth).catch((cause: unknown) => {
      throw new Error(`the history of seed ${seed + nth} could not be played`, { cause });
    });
    violations.push(...check(history).map((each) => ({ ...each, seed: seed + nth })));
    for (const [what, times] of [
      ...coverageOf(history),
      ...named.map(([from, to]) => [to, counts[from] ?? 0] as const),
    ]) {
      sums[what] = (sums[what] ?? 0) + times;
    }
    if (nth === count - 1) story = storyOf(history);
  }
  return { tried: count, violations, sums, story };
}

/** Whatever the library loads only when it first sends something is loaded before a clock is stopped. */
async function warmUp(): Promise<void> {
  const refuse: typeof fetch = async () => new Response('{"error":"refused"}', { status: 402 });
  const account = { apiKey: 'key', baseUrl: 'https://host.example.com', fetch: refuse };
  for (const provider of [createWavespeed(account), createApiframe(account)]) {
    await submitImage({ model: provider('seedream-4'), prompt: 'x' }).catch(() => undefined);
  }
}

/** `IMAGEPORT_HISTORY_COUNT=1` with a seed looks into one history. */
export const quickCount = Number(process.env.IMAGEPORT_HISTORY_COUNT ?? 50 * scale);

/** How often each promise was broken, with the shortest examples. */
export function summarise(violations: Covered['violations']): string[] {
  const rules = Map.groupBy(violations, ({ rule }) => rule);
  return [...rules].flatMap(([rule, all]) => {
    const examples = [...all].sort((one, other) => one.trace.length - other.trace.length).slice(0, 2);
    const histories = new Set(all.map(({ seed }) => seed)).size;
    return [
      `${rule}: ${all.length} times in ${histories} histories`,
      ...examples.map(({ seed, what, trace }) => `  seed ${seed}: ${what}: ${trace}`),
    ];
  });
}

function coverageOf(history: History): (readonly [what: string, times: number])[] {
  const { calls, submits, jobs, crashes, told, deliveries, humans, open, entries } = history;
  const unanswered = new Set(submits.filter((each) => each.told !== 'job').map(({ n }) => n));
  const found = new Set(
    jobs.filter(({ submit }) => submit !== undefined && unanswered.has(submit)).map(({ id }) => id),
  );
  const count = <T>(all: readonly T[], which: (one: T) => boolean): number => all.filter(which).length;
  return [
    ['calls', calls.length],
    ['cut off', count(calls, ({ crashed }) => crashed)],
    ['resumes', count(calls, ({ kind }) => kind === 'resume')],
    ['deaths', crashes.length],
    ['submits', submits.length],
    ['unanswered', count(submits, (each) => each.told === 'nothing')],
    ['naming a wrong job', count(submits, (each) => each.told === 'foreign')],
    ['lasting charges', count(jobs, ({ kept, submit }) => kept && submit !== undefined)],
    ["others' jobs", count(jobs, ({ submit }) => submit === undefined)],
    ['adoptions', count(entries, ({ type, job }) => type === 'accepted' && job !== undefined && found.has(job))],
    ['parkings', count(entries, ({ type }) => type === 'unknown')],
    ['settled by humans', humans.length],
    ['deliveries', count(deliveries, ({ ended }) => ended !== undefined)],
    ["told 'no'", count(told, ({ billed, what }) => what === 'error' && billed === 'no')],
    ["told 'unknown'", count(told, ({ billed, what }) => what === 'error' && billed === 'unknown')],
    ['open at the end', open.length],
  ];
}

const named = [
  ['poll', 'polls'],
  ['poll: failed, for once', 'reversals'],
  ['list', 'lists read'],
  ['list, further pages', 'further pages'],
  ['late', 'late acceptances'],
] as const;
