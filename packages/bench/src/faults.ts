// npm run bench:faults [-- --json] [-- --write] [-- --repetitions 3] [-- --doors]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findDefects, findUnreported, runBench } from './bench.ts';
import { toDoorPage, toDoorTable } from './doors/page.ts';
import { findDoorDefects, findEmptyHanded, runDoors } from './doors/run.ts';
import { deadline } from './measure.ts';
import { toPage } from './page.ts';
import { toMarkdown, toTables } from './report.ts';
import { versions } from './versions.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '3' },
    /** Only the clients that repeat, through the doors. */
    doors: { type: 'boolean', default: false },
  },
});
const repetitions = Math.max(1, Number.parseInt(values.repetitions, 10) || 3);
const occasion = { date: new Date().toISOString().slice(0, 10), node: process.versions.node, repetitions };

const concurrency = 10;
const cells = values.doors ? [] : await runBench({ repetitions, concurrency, onRun: progress });
const doors = await runDoors(concurrency);
const defects = [...findDefects(cells), ...findDoorDefects(doors), ...findEmptyHanded(doors)];
const unreported = findUnreported(cells);

if (values.json) {
  const all = { ...occasion, deadline, versions: versions(), defects, unreported, cells, doors };
  console.log(JSON.stringify(all, null, 2));
} else {
  for (const table of [...(values.doors ? [] : toTables(cells)), toDoorTable(doors)]) {
    console.log(`\n${table.title}\n\n${toMarkdown(table)}`);
  }
  const list = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  console.log(`\nNode ${occasion.node}, ${occasion.date}, worst of ${repetitions}: ${list.join(', ')}`);
}
if (values.write) {
  if (!values.doors) await writeFile(new URL('../../../docs/peers.md', import.meta.url), toPage(cells, occasion));
  await writeFile(new URL('../../../docs/repeats.md', import.meta.url), toDoorPage(doors, occasion));
}
for (const line of unreported) console.error(`open at the deadline: ${line}`);
for (const defect of defects) console.error(`defect of ours: ${defect}`);
process.exitCode = defects.length > 0 ? 1 : 0;

function progress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(done < total ? `\r${done} of ${total} calls` : '\r\u001b[K');
}
