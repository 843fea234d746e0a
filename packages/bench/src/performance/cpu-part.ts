import type { Table } from '../report.ts';
import { type CpuResult, type CpuRow, measureCpu } from './cpu.ts';
import { floorOf } from './floor.ts';
import { gatewayHandler } from './handlers.ts';
import { showLoad } from './load.ts';
import { percent, show, times } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { type CostLine, costLine } from './summary.ts';

const micro = (milliseconds: number): string => show(milliseconds * 1000);

export const cpuPart = definePart<CpuResult>({
  name: 'cpu',
  title: 'Own work per call',
  run: measureCpu,
  show: (result) => ({
    tables: [...new Set(result.rows.map(({ concurrency }) => concurrency))].map((each) => toTable(result, each)),
    aims: toAims(result),
    costs: toCosts(result),
    notes: [
      `One picture whose job is finished at the first poll, at the median of ${result.rounds} rounds in which all clients took turns, each in a process of its own. CPU is that of the client's process, the servers run in another. "Against raw fetch" is the median of the ratios of the rounds: \`fetch\` and \`response.json()\` for the same requests to the same service, without any check. Clients wait 1 ms between polls where they let it be chosen. \`replicate\` (by \`blob()\`), \`ai + replicate\` and \`ai + fal\` download the picture too, and so does raw fetch beside them.`,
      `The two floors show how much of our rows is not our own work: submit, wait and poll by ky or by \`node:http\`, with our reading of the answers, and without options, ledger, limits, time-outs and policy.`,
      noiseNote(result.noise),
    ],
  }),
});

function toTable({ rows }: CpuResult, concurrency: number): Table {
  return {
    title: `Per call, ${concurrency} at a time`,
    head: [
      'Client',
      'Requests',
      'CPU, µs',
      'Raw fetch, µs',
      'Against raw fetch',
      'Spread',
      'Time of day, µs',
      'Others',
    ],
    rows: rows
      .filter((row) => row.concurrency === concurrency)
      .toSorted((a, b) => a.ratio - b.ratio)
      .map(({ client, requests, cpu, raw, ratio, spread, wall, others }) => [
        client,
        requests.toFixed(1),
        micro(cpu),
        micro(raw),
        times(ratio),
        percent(spread),
        micro(wall),
        showLoad(others),
      ]),
  };
}

const nodeTransport = ', node transport';

const describe = (rows: readonly CpuRow[]): string =>
  rows.map(({ client, ratio }) => `${/imageport: (\w+)/.exec(client)?.[1]} ${times(ratio)}`).join(', ');

const toCosts = ({ rows }: CpuResult): CostLine[] => [
  costLine(
    'CPU of a call, 64 at a time, against bare `fetch`',
    {
      node: `imageport: WaveSpeed${nodeTransport}`,
      default: 'imageport: WaveSpeed',
      ...{ wavespeed: 'wavespeed', fal: 'fal', replicate: 'replicate', ai: 'ai + replicate' },
    },
    (name) => rows.find(({ client, concurrency }) => client === name && concurrency === 64),
    ({ ratio }) => times(ratio),
  ),
];

function toAims({ rows }: CpuResult): Aim[] {
  const at64 = rows.filter(({ concurrency }) => concurrency === 64);
  const ours = at64.filter(({ client }) => client.startsWith('imageport'));
  const worst = (rows: readonly CpuRow[]): number => Math.max(...rows.map(({ ratio }) => ratio));
  const lean = ours.filter(({ client }) => client.endsWith(nodeTransport));
  const plain = ours.filter((row) => !lean.includes(row));
  const gateway = at64.find(({ client }) => client === gatewayHandler);
  const heavy = ['ai + replicate', 'ai + fal', 'ai + openai-compatible', 'fal', 'openai'];
  const rivals = at64.filter(({ client }) => heavy.includes(client));
  const best = rivals.reduce<CpuRow | undefined>((a, b) => (a && a.ratio < b.ratio ? a : b), undefined);
  const floor = (name: string): string => {
    const ratio = at64.find(({ client }) => client === name)?.ratio;
    return ratio === undefined ? '' : ` (floor ${times(ratio)})`;
  };
  if (!best || lean.length === 0 || plain.length === 0) return [];
  return [
    {
      what: 'CPU per call against raw fetch, 64 at a time, node transport',
      target: '≤ 0.75x',
      measured: describe(lean) + floor(floorOf.node),
      met: worst(lean) <= 0.75,
    },
    {
      what: 'the same, default transport',
      target: '≤ 1.25x',
      measured: describe(plain) + floor(floorOf.ky),
      met: worst(plain) <= 1.25,
    },
    {
      what: 'and below `ai`, `@fal-ai/client`, `openai`',
      target: `< ${times(best.ratio)} (${best.client})`,
      measured: times(worst(plain)),
      met: worst(plain) < best.ratio,
    },
    ...(gateway
      ? [
          {
            what: 'the gateway against a bare handler that makes the same requests, 64 at a time',
            target: '≤ 1.3x',
            measured: times(gateway.ratio),
            met: gateway.ratio <= 1.3,
          },
        ]
      : []),
  ];
}
