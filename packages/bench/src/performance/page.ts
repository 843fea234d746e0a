import { toMarkdown } from '../report.ts';
import { versionOf, versions } from '../versions.ts';
import type { Aim, Part } from './part.ts';
import type { Kept } from './store.ts';
import { summaryTable } from './summary.ts';

/** A part with its last result. */
export interface Measured {
  readonly part: Part;
  readonly kept: Kept;
}

const pictures: Readonly<Record<string, string>> = {
  detection: '![Mean delay against polls per job](performance/detection.svg)',
  many: '![Delay, CPU and requests per job against jobs in flight](performance/cost.svg)',
};

/** The page docs/performance.md. */
export function toPage(measured: readonly Measured[]): string {
  const shown = measured.map(({ part, kept }) => ({ part, kept, ...part.show(kept.result) }));
  const aims = shown.flatMap((each) => each.aims);
  const costs = shown.flatMap((each) => each.costs ?? []);
  const sections = shown.map(({ part, tables, notes }) => {
    const picture = pictures[part.name];
    return [
      `## ${part.title}`,
      ...notes,
      ...(picture ? [picture] : []),
      ...tables.map((table) => `### ${table.title}\n\n${toMarkdown(table)}`),
    ].join('\n\n');
  });
  return `# Performance

<!-- Written by \`npm run bench -- --write\`. Do not edit. -->

What imageport costs, beside the clients that people use: measured in one run, on one machine, against local servers that
implement each service's protocol. "–" was not measured.

${summaryTable(costs)}

- Less is better in every row. Ratios can be compared; milliseconds are those of this machine ([occasion](#occasion)).
- What the other clients do with the same faults, while they cost this: [two to six paid submits for one call](peers.md).
- The default transport is \`fetch\`; servers can [choose the other](transports.md) in one line.
- Run it yourself: \`npm run bench\`, or one part with \`npm run bench -- cpu\`. No real service is used.

Details: ${contents(measured)}.

## Targets

${aimTable(aims)}

${limits}

${sections.join('\n\n')}

## Occasion

${occasion(measured)}
`;
}

/** Links to the sections. */
const contents = (measured: readonly Measured[]): string =>
  ['Targets', 'What limits it', ...measured.map(({ part }) => part.title), 'Occasion']
    .map((title) => `[${title.toLowerCase()}](#${title.toLowerCase().replaceAll(' ', '-')})`)
    .join(' · ');

/** Why some targets are missed, and what was tried. The figures stand in the parts. */
const limits = `## What limits it

- **Work per call.** The default transport is ky on the runtime's \`fetch\`, because programs stub \`fetch\` in their tests and
  give it their proxy. The rows "ky on wavespeed" and "stubbed \`fetch\`" show their share of the work. A server with
  \`transport: nodeTransport()\` uses neither.
- **Size.** "What is inside ours" shows where it is. The first chunk is without what is loaded when it is first needed;
  schedules that learn, hedges, bulk polls, the file ledger and traces are subpaths and cost nothing unless imported.
- **Import.** ky makes Node load its \`fetch\`, so it is imported with the first request. Tried: a file for each source, which
  is what \`tsc\` writes (50 ms more, so what is published is bundled, see
  [decision 0016](decisions/0016-published-as-one-file-per-entry.md)).
- **Ten thousand in flight.** At most 64 requests of an account are under way at once, paid jobs first; a waiting job is one
  record. What is over is the work of the requests themselves: the rows of the two transports differ in nothing else.
- **Progress at short jobs.** Hosts document a second or more between polls. Of a job that takes three seconds, progress cannot
  save more than one poll. With \`pace: 'aggressive'\`, which may poll after 250 ms, the product shrinks to about the
  target: see the rows "aggressive" there.
- **The default against \`replicate\`.** The rows of the targets show \`learned\` with \`pace: 'aggressive'\`. The default keeps the second
  that the hosts document: it polls a quarter to half as often as a client that asks every 500 ms, and notices later. Where
  the table is far off (jobs of 300 ms, and the table says 12 s) it notices seconds later: then give \`interval\`, or a
  schedule that learns.`;

const aimTable = (aims: readonly Aim[]): string =>
  toMarkdown({
    head: ['What', 'Target', 'Measured', 'Met'],
    rows: aims.map(({ what, target, measured, met }) => [what, target, measured, met ? 'yes' : 'no']),
  });

function occasion(measured: readonly Measured[]): string {
  const rows = measured.map(({ part, kept }) => [part.title, kept.date, kept.node, kept.machine, `${kept.took} s`]);
  const ours = Object.entries({
    ...versions(),
    '@ai-sdk/openai-compatible': versionOf('@ai-sdk/openai-compatible'),
    ky: versionOf('ky'),
  });
  const list = ours.filter(([name]) => !name.startsWith('@imageport/')).map(([name, version]) => `${name} ${version}`);
  const table = toMarkdown({ head: ['Part', 'Date', 'Node', 'Machine', 'Took'], rows });
  return `${table}\n\nVersions: ${list.join(', ')}.`;
}
