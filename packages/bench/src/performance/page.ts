import { toMarkdown } from '../report.ts';
import { versionOf, versions } from '../versions.ts';
import type { Aim, Part } from './part.ts';
import type { Kept } from './store.ts';

/** A part with its last result. */
export interface Measured {
  readonly part: Part;
  readonly kept: Kept;
}

const pictures: Readonly<Record<string, string>> = {
  detection: '![Mean delay against looks per job](performance/detection.svg)',
  many: '![Delay, CPU and requests per job against jobs in flight](performance/cost.svg)',
};

/** The page docs/performance.md. */
export function toPage(measured: readonly Measured[]): string {
  const shown = measured.map(({ part, kept }) => ({ part, kept, ...part.show(kept.result) }));
  const aims = shown.flatMap((each) => each.aims);
  const sections = shown.map(({ part, tables, notes }) => {
    const picture = pictures[part.name];
    return [
      `## ${part.title}`,
      ...notes,
      ...(picture ? [picture] : []),
      ...tables.map((table) => `### ${table.title}\n\n${toMarkdown(table)}`),
    ].join('\n\n');
  });
  return `# How fast

<!-- Written by \`npm run bench -- --write\`. Do not edit. -->

Our own work per call, how soon the end of a job is noticed and at how many requests, thousands of jobs in one process,
size, and the time to the next host: beside the clients that users would pick instead, in one run on one machine, against
local servers that speak each service's protocol. Only ratios inside one run say something; milliseconds are those of this machine.

Run it yourself: \`npm run bench\`, one part of it with \`npm run bench -- cpu\`. No real service is asked.

## Targets

${aimTable(aims)}

${sections.join('\n\n')}

## Occasion

${occasion(measured)}
`;
}

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
