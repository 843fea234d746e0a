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

${limits}

${sections.join('\n\n')}

## Occasion

${occasion(measured)}
`;
}

/** Why some targets are missed, and what was tried. The figures stand in the parts. */
const limits = `## What limits it

- **Work per call.** With ky in the way a request costs more than the target allows before anything of ours has run: the
  row "ky on wavespeed" shows it. Beyond that the profile at the end spreads thin: garbage collection, then some sixty
  functions that read bodies under limits, watch signals, translate and check. Tried: handing \`fetch\` an address
  instead of ky's Request (kept: a Request made from a Request copies its body through a stream); not telling ky what is in
  a request that it does not send (kept); one timer for a whole body (dropped: it let twice as much garbage pile up on
  large downloads). A server that needs less can bring a faster \`fetch\`.
- **Size.** ky, valibot and p-retry are 14 KiB of it, and one adapter 3: what is left of the target is smaller than the part
  that decides what an answer means for the money. "What is inside ours" shows where the rest is. Schedules that
  learn, the file ledger and traces are subpaths and cost nothing unless imported. Tried: leaving out hedges, order, the
  look at many jobs, uploads, streams, gate and breaker altogether, as if each had to be imported (4.1 KiB less: they
  stayed options).
- **Import.** p-retry and valibot beside ky take more than the target already; the rest is Node finding, compiling and running six
  files of ours. Tried: a file for each source, which is what \`tsc\` writes (50 ms more, so what is published is bundled,
  see [decision 0016](decisions/0016-published-as-one-file-per-entry.md)); minified (no faster); the dependencies
  packed in (the row "as one file": faster, but then a user has two of each).
- **Ten thousand in flight.** The requests are gated, so sockets stay few and nothing is lost, but 10,000 submits and 20,000
  looks in a few seconds are more work than one core does in that time, even by raw fetch: the delay is the queue in front
  of the processor. A job that is waited for holds no more than in the official client, as the last tables show; the
  rest of the memory is garbage, of which a call leaves more than twice as much as raw fetch, and which V8 lets grow
  with what is held. Tried: the first two changes above, by which a call leaves some 40 kB less than by a Request of ky's.
  And another \`requestsInFlight\`, in a run of its own: with 16 instead of 64 the event loop is 33 ms late (99th percentile)
  instead of 55 and the delay shrinks by 15 %, with 256 it is 125 ms late; memory stays. 64 stayed, because a host
  that takes 200 ms to answer would be asked no more than 80 times a second with 16.
- **Progress at short jobs.** A second between looks is the host's wish. Of a job that takes three seconds, progress cannot
  save more than one look. With \`pace: 'keen'\`, which may look after 250 ms, the product shrinks to about the
  target: see the rows "keen" there.
- **The default against \`replicate\`.** The rows of the targets show \`learned\` with \`pace: 'keen'\`. The default keeps the second
  that the hosts wish for: it looks a quarter to half as often as a client that asks every 500 ms, and notices later. Where
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
