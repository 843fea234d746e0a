// Walks the states of every world: `npm run prove -- states [part of a name]`; `--without` takes one rule out at a time.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { keepFinding } from '../proof/findings.ts';
import type { Walked } from './explore.ts';
import { type Row, rulesTable, worldsTable, writeSection } from './tables.ts';
import { type Removal, removeAll } from './without.ts';
import { worlds } from './worlds.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    most: { type: 'string', default: '4000000' },
  },
});
const [part = ''] = positionals;
const most = Number(values.most);
if (values.without) await walkWithout();
else await walkAll();

/** As many worlds at a time as there are processors. */
async function walkAll(): Promise<void> {
  const names = Object.keys(worlds).filter((name) => name.includes(part));
  const waiting = [...names];
  const walked = new Map<string, Row>();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      walked.set(name, { name, ...(await walkOne(name)) });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const rows = names.flatMap((name) => walked.get(name) ?? []);
  const violations = rows.flatMap((row) => row.violations.map(({ why }) => `${row.name}: ${why}`));
  const cut = rows.filter((row) => row.cut).map(({ name }) => `${name}: not all was seen`);
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const transitions = sum((row) => row.transitions);
  const note = `${rows.length} worlds, ${transitions} transitions, depth ${Math.max(...rows.map(({ depth }) => depth))}`;
  const tried = sum(({ states }) => states);
  console.log(`together ${tried} states, ${transitions} transitions`);
  if (part === '')
    keepFinding({ suite: 'every state of bounded worlds', tried, violations: [...violations, ...cut], note });
  if (values.write) writeSection('worlds', worldsTable(rows));
  process.exitCode = violations.length + cut.length > 0 ? 1 : 0;
}

async function walkOne(name: string): Promise<Walked> {
  const resourceLimits = { maxOldGenerationSizeMb: 6_000 };
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { name, most }, resourceLimits });
  const [walked] = (await once(worker, 'message')) as [Walked];
  const { states, transitions, depth, cut, violations } = walked;
  console.log(`${name}: ${states} states, ${transitions} transitions, depth ${depth}${cut ? ', NOT ALL' : ''}`);
  for (const { why, trace } of violations) console.log(`  ! ${why} (${trace.length}): ${trace.join(' > ')}`);
  return walked;
}

async function walkWithout(): Promise<void> {
  const removals = await removeAll(part, { states: Math.min(most, 150_000) }, print);
  const missed = removals.filter(({ found, mutant }) => !found && !mutant.survives);
  console.log(`${removals.length} rules taken out, ${removals.filter(({ found }) => found).length} found`);
  if (values.write) writeSection('rules', rulesTable(removals));
  process.exitCode = missed.length > 0 ? 1 : 0;
}

function print({ mutant: { rule, survives = 'no reason is known' }, found, states }: Removal): void {
  if (!found) console.log(`${rule}: survives ${states} states: ${survives}`);
  else console.log(`${rule}: ${found.why} [${found.world}, ${found.trace.length}] ${found.trace.join(' > ')}`);
}
