import { type Table, toMarkdown } from '../report.ts';
import { versionOf } from '../versions.ts';
import { callers } from './callers.ts';
import { type Way, ways } from './door.ts';
import type { DoorCell } from './run.ts';
import { meant, situations } from './situation.ts';

export interface DoorOccasion {
  readonly date: string;
  readonly node: string;
}

/** Situations down, clients across, each without and with. */
export function toDoorTable(cells: readonly DoorCell[]): Table {
  const columns = callers.flatMap(({ name }) => ways.map((way) => ({ name, way })));
  const shown = situations.filter(({ id }) => cells.some(({ situation }) => situation === id));
  return {
    title: 'Paid submits for what one person asked for',
    head: ['What happens', 'Meant', ...columns.map(({ name, way }) => `${name}: ${way}`)],
    rows: shown.map((situation) => [
      situation.name,
      String(meant(situation)),
      ...columns.map(({ name, way }) => describe(cells.filter((each) => isIn(each, situation.id, name, way)))),
    ]),
  };
}

const isIn = (cell: DoorCell, situation: string, caller: string, way: Way): boolean =>
  cell.situation === situation && cell.caller === caller && cell.way === way;

/** The worst of all hosts. */
function describe(cells: readonly DoorCell[]): string {
  if (cells.length === 0) return '–';
  const isOk = cells.every(({ outcomes }) => outcomes.at(-1) === 'ok');
  return `${Math.max(...cells.map(({ paid }) => paid))}, ${isOk ? 'ok' : 'fails'}`;
}

/** The page docs/repeats.md. */
export function toDoorPage(cells: readonly DoorCell[], { date, node }: DoorOccasion): string {
  return `# Clients that repeat

<!-- Written by \`npm run bench:faults -- --write\`. Do not edit. -->

A person asks for a picture with a client that many have. The client repeats what fails, and sends no idempotency key. How many
submits did the host accept, and would charge for, and has the person a picture in the end?

"With" is the door of imageport: the [gateway](gateway.md) for clients of OpenAI's API, [\`@imageport/ai-sdk\`](ai-sdk.md) for the AI SDK. "Without" is
what one writes in half an hour over the same library and the same accounts: every request is a new call. Nobody else submits with
the key (\`exclusive: true\` at WaveSpeedAI, which knows no idempotency keys). Both hosts were asked, the worse one is shown; measured on ${date} with Node ${node}, on one machine, without any real service.

Run it yourself: \`npm run bench:faults -- --doors\`.

## ${toDoorTable(cells).title}

${toMarkdown(toDoorTable(cells))}

- Faults that happen at the host are those of [the other page](peers.md), in the same words.
- "Fails" with one paid submit: the picture is in the ledger, and the next equal request gets it.
- The \`ai\` package repeats what its provider calls repeatable, \`openai\` repeats after time-outs, 408, 409, 429 and 5xx; both only twice.

## The clients

${toMarkdown({
  head: ['Client', 'Packages', 'Call'],
  rows: callers.map(({ name, packages, call }) => [
    name,
    packages.map((each) => (each.startsWith('@imageport/') ? each : `${each} ${versionOf(each)}`)).join(', '),
    call,
  ]),
})}
`;
}
