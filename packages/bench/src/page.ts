import type { Cell } from './bench.ts';
import { clients } from './clients/index.ts';
import { deadline, grain } from './measure.ts';
import { toMarkdown, toTables } from './report.ts';
import { versionOf } from './versions.ts';
import { patience } from './watchdog.ts';

export interface Occasion {
  readonly date: string;
  readonly node: string;
  readonly repetitions: number;
}

/** The page docs/peers.md. */
export function toPage(cells: readonly Cell[], { date, node, repetitions }: Occasion): string {
  const tables = toTables(cells).map((table) => `## ${table.title}\n\n${toMarkdown(table)}`);
  return `# The same faults, other clients

<!-- Written by \`npm run bench:faults -- --write\`. Do not edit. -->

One picture is asked for, once. Something goes wrong on the way, as the row says, and all later requests work. How many pictures
would be charged, how many of them would nobody ever find again, and when does the call end? Every number is the worst of
${repetitions} runs on ${date} with Node ${node}, on one machine, without any real service: each client talks to a local
server that speaks its own service's protocol. **An accepted submit is one that the real service would charge.**

Run it yourself: \`npm run bench:faults\` (\`-- --json\` for all runs, \`-- --write\` for this page).

${tables.join('\n\n')}

## What is counted

- **Paid submits**: requests that the server accepted as a job, whatever became of the answer. At Apiframe our library
  repeats a doubtful submit under its idempotency key; the host then returns the first job, and it counts once.
- **Lost job ids**: accepted jobs whose picture the caller did not get and whose id stands in neither the result nor the
  error (own properties, message, causes) nor, for ours, in the ledger. Callbacks count for nobody. "1 → 0" is unknown
  when the call ended, and not lost: \`resumeImages\` found it, or the idempotency key that brings it stands in the ledger. OpenAI and fal.run have no job to ask for later; there the id is
  that of the request.
- **Milliseconds beyond the deadline**: every client was given ${deadline} ms in its own way, and a bare timer in
  the same thread is the measure. Up to ${grain} ms count as 0,
  because every call is the first of a cold thread on a busy machine;
  "› ${patience}" was ended by the watchdog.
- "–": the client does not do that step, or its service does not have it.
- A status after acceptance, a reset, a hanging or dripping answer leave the job on the server as it was: it completes.

## The clients

${toMarkdown(clientTable())}
`;
}

function clientTable(): { head: string[]; rows: string[][] } {
  return {
    head: ['Client', 'Packages', 'Service', 'Call'],
    rows: clients.map(({ name, packages, service, call }) => [
      name,
      packages.map((each) => (each.startsWith('@imageport/') ? each : `${each} ${versionOf(each)}`)).join(', '),
      service,
      call,
    ]),
  };
}
