import type { Table } from '../report.ts';
import { type CpuResult, type CpuRow, measureCpu } from './cpu.ts';
import { percent, show, times } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';

const micro = (milliseconds: number): string => show(milliseconds * 1000);

export const cpuPart = definePart<CpuResult>({
  name: 'cpu',
  title: 'Own work per call',
  run: measureCpu,
  show: (result) => ({
    tables: [...new Set(result.rows.map(({ concurrency }) => concurrency))].map((each) => toTable(result, each)),
    aims: toAims(result),
    notes: [
      `One picture whose job is finished at the first look, at the median of ${result.rounds} rounds in which all clients took turns, each in a process of its own. CPU is that of the client's process, the servers run in another. "Against raw fetch" is the median of the ratios of the rounds: \`fetch\` and \`response.json()\` for the same requests to the same service, without any check. Clients wait 1 ms between polls where they let it be chosen. \`replicate\` (by \`blob()\`), \`ai + replicate\` and \`ai + fal\` download the picture too, and so does raw fetch beside them.`,
      noiseNote(result.noise),
    ],
  }),
});

function toTable({ rows }: CpuResult, concurrency: number): Table {
  return {
    title: `Per call, ${concurrency} at a time`,
    head: ['Client', 'Requests', 'CPU, µs', 'Raw fetch, µs', 'Against raw fetch', 'Spread', 'Time of day, µs'],
    rows: rows
      .filter((row) => row.concurrency === concurrency)
      .toSorted((a, b) => a.ratio - b.ratio)
      .map(({ client, requests, cpu, raw, ratio, spread, wall }) => [
        client,
        requests.toFixed(1),
        micro(cpu),
        micro(raw),
        times(ratio),
        percent(spread),
        micro(wall),
      ]),
  };
}

function toAims({ rows }: CpuResult): Aim[] {
  const at64 = rows.filter(({ concurrency }) => concurrency === 64);
  const ours = at64.filter(({ client }) => client.startsWith('imageport'));
  const worst = Math.max(...ours.map(({ ratio }) => ratio));
  const heavy = ['ai + replicate', 'ai + fal', 'ai + openai-compatible', 'fal', 'openai'];
  const rivals = at64.filter(({ client }) => heavy.includes(client));
  const best = rivals.reduce<CpuRow | undefined>((a, b) => (a && a.ratio < b.ratio ? a : b), undefined);
  if (!best || ours.length === 0) return [];
  return [
    {
      what: 'CPU per call against raw fetch, 64 at a time',
      target: '≤ 1.25x',
      measured: ours.map(({ client, ratio }) => `${client.slice(11)} ${times(ratio)}`).join(', '),
      met: worst <= 1.25,
    },
    {
      what: 'and below `ai`, `@fal-ai/client`, `openai`',
      target: `< ${times(best.ratio)} (${best.client})`,
      measured: times(worst),
      met: worst < best.ratio,
    },
  ];
}
