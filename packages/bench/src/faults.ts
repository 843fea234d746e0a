// npm run bench:faults [-- --json] [-- --write] [-- --repetitions 3]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findDefects, findUnreported, runBench } from './bench.ts';
import { deadline } from './measure.ts';
import { toPage } from './page.ts';
import { toMarkdown, toTables } from './report.ts';
import { versions } from './versions.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '3' },
  },
});
const repetitions = Math.max(1, Number.parseInt(values.repetitions, 10) || 3);
const occasion = { date: new Date().toISOString().slice(0, 10), node: process.versions.node, repetitions };

const cells = await runBench({ repetitions, concurrency: 10, onRun: progress });
const defects = findDefects(cells);
const unreported = findUnreported(cells);

if (values.json) {
  console.log(JSON.stringify({ ...occasion, deadline, versions: versions(), defects, unreported, cells }, null, 2));
} else {
  for (const table of toTables(cells)) console.log(`\n${table.title}\n\n${toMarkdown(table)}`);
  const list = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  console.log(`\nNode ${occasion.node}, ${occasion.date}, worst of ${repetitions}: ${list.join(', ')}`);
}
if (values.write) await writeFile(new URL('../../../docs/peers.md', import.meta.url), toPage(cells, occasion));
for (const line of unreported) console.error(`open at the deadline: ${line}`);
for (const defect of defects) console.error(`defect of ours: ${defect}`);
process.exitCode = defects.length > 0 ? 1 : 0;

function progress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < total ? `\r${done} of ${total} calls` : '\r\u001b[K');
}
