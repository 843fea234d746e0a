// npm run bench [-- cpu inside detection many size fallback profile] [-- --write] [-- --tiny] [-- --show]
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DetectionResult } from './performance/detection.ts';
import { machine } from './performance/machine.ts';
import type { ManyResult } from './performance/many.ts';
import { toPage } from './performance/page.ts';
import type { Part } from './performance/part.ts';
import { parts } from './performance/parts.ts';
import { drawCost, drawDetection } from './performance/plots.ts';
import { keep, recall } from './performance/store.ts';
import { toMarkdown } from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Writes docs/performance.md and its pictures. */
    write: { type: 'boolean', default: false },
    /** Only shows that everything works; keeps no result. */
    tiny: { type: 'boolean', default: false },
    /** Measures nothing and shows what was measured last. */
    show: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: ${parts.map(({ name }) => name).join(', ')}`);
const chosen = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

for (const part of chosen) {
  const result = values.show ? recall(part.name)?.result : await measure(part);
  if (result !== undefined) print(part, result);
}

if (values.write) await write();

async function measure(part: Part): Promise<unknown> {
  const begun = performance.now();
  const result = await part.run(values.tiny);
  const took = Math.round((performance.now() - begun) / 1000);
  console.error(`${part.name}: ${took} s`);
  const date = new Date().toISOString().slice(0, 10);
  if (!values.tiny) keep(part.name, { date, node: process.versions.node, machine: machine(), took, result });
  return result;
}

function print(part: Part, result: unknown): void {
  const { tables, aims, notes } = part.show(result);
  console.log(`\n# ${part.title}`);
  for (const table of tables) console.log(`\n${table.title}\n\n${toMarkdown(table)}`);
  for (const note of notes) console.log(`\n${note}`);
  for (const { what, target, measured, met } of aims) {
    console.log(`${met ? 'met' : 'MISSED'}: ${what}: ${measured} (target ${target})`);
  }
}

/** The page and its pictures, from the last results of all parts. */
async function write(): Promise<void> {
  const docs = new URL('../../../docs/', import.meta.url);
  const measured = parts.flatMap((part) => {
    const kept = recall(part.name);
    return kept ? [{ part, kept }] : [];
  });
  await mkdir(new URL('performance/', docs), { recursive: true });
  await writeFile(new URL('performance.md', docs), toPage(measured));
  const detection = recall('detection')?.result as DetectionResult | undefined;
  if (detection) await writeFile(new URL('performance/detection.svg', docs), drawDetection(detection));
  const many = recall('many')?.result as ManyResult | undefined;
  if (many) await writeFile(new URL('performance/cost.svg', docs), drawCost(many));
}
