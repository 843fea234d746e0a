import { keyOf } from './books.ts';
import type { Found } from './checker.ts';
import { baseOf, type History } from './notes.ts';

type Moment = readonly [at: number, text: string];

const most = 16;
const seconds = (at: number): string => `${(at / 1_000).toFixed(1)}s`;

/** What happened to the intents and jobs of a violation, oldest first, in one line. */
export function traceOf(history: History, { intents = [], jobs = [], calls = [] }: Found): string {
  const about = (whose: { ledger: string; intentId: string }): boolean =>
    intents.some((intent) => intent === keyOf(whose) || baseOf(intent) === keyOf(whose));
  const job = (id: string | undefined): string => (id === undefined ? '' : ` ${id.slice(0, 8)}`);
  const mine = new Set(history.entries.filter(about).flatMap(({ words }) => words ?? []));
  const moments: Moment[] = [
    ...history.calls
      .filter(({ n }) => calls.includes(n) || history.told.some((told) => told.call === n && about(told)))
      .flatMap((call): Moment[] => [[call.begun, `${call.client} calls ${call.kind} (${call.timeout} ms)`]]),
    ...history.entries
      .filter((each) => about(each) || (each.job !== undefined && jobs.includes(each.job)))
      .map((each): Moment => [each.at, `${each.client} writes ${each.intentId} ${each.type}${job(each.job)}`]),
    ...history.submits
      .filter(({ words }) => mine.has(words))
      .map(
        (each): Moment => [
          each.at,
          `${each.client} submits ${each.n} to ${each.host}, hears ${each.told}, makes${job(each.job) || ' none'}`,
        ],
      ),
    ...history.told
      .filter(about)
      .map(
        (each): Moment => [
          each.at,
          `${each.intentId} told ${each.what} ${each.code ?? ''} billed ${each.billed}${job(each.jobs[0])}`,
        ],
      ),
    ...history.deliveries.filter(about).map((each): Moment => [each.begun, `delivers${job(each.job)}`]),
    ...history.humans.filter(about).map((each): Moment => [each.at, `a human says${job(each.job) || ' absent'}`]),
    ...history.crashes.map((each): Moment => [each.at, `${each.client} dies`]),
    ...history.jobs
      .filter(({ id }) => jobs.includes(id))
      .flatMap((each): Moment[] => {
        const shown: Moment[] =
          each.failedShownAt === undefined ? [] : [[each.failedShownAt, `shows${job(each.id)} failed`]];
        return [[each.madeAt, `${each.host} makes${job(each.id)}${each.completes ? '' : ', which fails'}`], ...shown];
      }),
  ];
  const sorted = moments.sort(([one], [other]) => one - other).map(([at, text]) => `${seconds(at)} ${text}`);
  const cut = sorted.length > most ? [...sorted.slice(0, most / 2), '…', ...sorted.slice(-most / 2)] : sorted;
  return `${history.setting}: ${cut.join(' > ')}`;
}
