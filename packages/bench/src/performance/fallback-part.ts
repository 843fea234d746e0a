import type { Table } from '../report.ts';
import { deadline, type FallbackResult, type FallbackRow, measureFallback, ours } from './fallback.ts';
import { showLoad } from './load.ts';
import { show } from './numbers.ts';
import { type Aim, definePart } from './part.ts';

export const fallbackPart = definePart<FallbackResult>({
  name: 'fallback',
  title: 'When the first host is down',
  run: measureFallback,
  show: (result) => ({
    tables: [timeTable(result), outcomeTable(result)],
    aims: toAims(result),
    notes: [
      `Ours has a route of two hosts: the time until the submit to the second begins, or, marked with *, until a typed error: the request is wrong, or the first host may have been paid. It is given ${show(deadline)} ms. The others have one host: the time until their call ends with an error. Milliseconds, at the median of 7 for ours, in a process that had made ten pictures before. "Others": processors that other programs kept busy.`,
    ],
  }),
});

const unique = (values: readonly string[]): string[] => [...new Set(values)];

function timeTable({ rows, patience }: FallbackResult): Table {
  const cell = (row: FallbackRow | undefined): string => {
    if (!row) return '–';
    const mark = row.client === ours && !row.asked ? ' *' : '';
    return row.time === undefined ? `> ${show(patience)}` : `${show(row.time)}${mark}`;
  };
  const names = unique(rows.map(({ client }) => client));
  return {
    title: 'Milliseconds to the next host, or to an error',
    head: ['First host', ...names, 'Others, during ours'],
    rows: unique(rows.map(({ trouble }) => trouble)).map((trouble) => [
      trouble,
      ...names.map((name) => cell(rows.find((row) => row.trouble === trouble && row.client === name))),
      showLoad(rows.find((row) => row.trouble === trouble && row.client === ours)?.others),
    ]),
  };
}

const outcomeTable = ({ rows }: FallbackResult): Table => ({
  title: 'How ours ends',
  head: ['First host', 'Second host asked', 'Outcome'],
  rows: rows
    .filter(({ client }) => client === ours)
    .map(({ trouble, asked, outcome }) => [trouble, asked ? 'yes' : 'no', outcome]),
});

function toAims({ rows, late }: FallbackResult): Aim[] {
  const own = rows.filter(({ client }) => client === ours);
  const refused = own.filter(({ trouble, asked }) => asked && !/hangs|breaker|503/.test(trouble));
  const slowest = Math.max(...refused.map(({ time = Number.POSITIVE_INFINITY }) => time));
  const open = own.find(({ trouble }) => trouble.includes('breaker'))?.time;
  return [
    {
      what: `first host refuses (${refused.map(({ trouble }) => trouble).join(', ')}): second host asked`,
      target: '≤ 50 ms',
      measured: `at most ${show(slowest)} ms`,
      met: slowest <= 50,
    },
    {
      what: 'open breaker: second host asked',
      target: '≤ 2 ms',
      measured: open === undefined ? '–' : `${show(open)} ms`,
      met: open !== undefined && open <= 2,
    },
    {
      what: `calls past their deadline, ${late.calls} calls under every fault of the fault bench`,
      target: '0 beyond 250 ms',
      measured: `at most ${show(late.most)} ms late`,
      met: late.most <= 250,
    },
  ];
}
