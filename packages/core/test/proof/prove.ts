// The longer forms of the proofs: `npm run prove [-- part of a file name] [--write]` is the long one, and
// `npm run prove -- middle [part]` the one that CI runs; `-- states [--without]` walks all states. Ends with 1 if a
// promise was broken.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../../../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, without: { type: 'boolean', default: false } },
});

/** How many times the quick counts of `npm test`. What tries everything there is is not scaled. */
const suites: readonly (readonly [file: string, scale: { middle: number; long: number }])[] = [
  ['packages/core/test/proof/table.test.ts', { middle: 2, long: 2 }],
  ['packages/core/test/proof/abort.test.ts', { middle: 1, long: 1 }],
  ['packages/core/test/proof/canary.test.ts', { middle: 1, long: 1 }],
  ['packages/core/test/proof/download.test.ts', { middle: 1, long: 1 }],
  ['packages/core/test/proof/catalogue.test.ts', { middle: 2, long: 2 }],
  ['packages/core/test/proof/memory.test.ts', { middle: 1, long: 1 }],
  ['packages/core/test/proof/deadline.test.ts', { middle: 10, long: 10 }],
  ['packages/wavespeed/test/webhook-proof.test.ts', { middle: 20, long: 80 }],
  ['packages/apiframe/test/webhook-proof.test.ts', { middle: 20, long: 80 }],
  ['packages/core/test/proof/parser.test.ts', { middle: 20, long: 100 }],
  ['packages/core/test/ledger/crash.test.ts', { middle: 15, long: 60 }],
  ['packages/core/test/proof/sockets.test.ts', { middle: 40, long: 200 }],
  ['packages/core/test/proof/random.test.ts', { middle: 80, long: 400 }],
  ['packages/core/test/history/history.test.ts', { middle: 40, long: 420 }],
  ['packages/core/test/types/compilers.test.ts', { middle: 2, long: 2 }],
];

const form = positionals[0] === 'middle' ? 'middle' : 'long';
const [part = '', ...more] = form === 'middle' ? positionals.slice(1) : positionals;
if (values.write && form === 'middle') throw new Error('docs/proof.md shows the long form: --write belongs to that');

process.env.IMAGEPORT_PROVE_FOLDER ??= join(root, `node_modules/.cache/imageport-proof-${form}`);
const { findingsTable, forgetFindings } = await import('./findings.ts');

const chosen = suites.filter(([file]) => file.includes(part));
if (chosen.length === suites.length) forgetFindings();
const broken = chosen.filter(([file, { [form]: scale }]) => {
  const env = { ...process.env, IMAGEPORT_PROVE_SCALE: `${scale}` };
  console.log(`${file}, ${scale} times the quick form`);
  return (
    spawnSync('vitest', ['run', '--config', 'vitest.workspace.ts', file], { cwd: root, env, stdio: 'inherit' })
      .status !== 0
  );
});

/** A program of its own: it walks every state, or takes one rule out at a time and says what breaks. */
function walkStates(): boolean {
  const walk = join(root, 'packages/core/test/states/walk.ts');
  const flags = [values.without ? '--without' : '', values.write ? '--write' : ''].filter((flag) => flag !== '');
  const memory = '--max-old-space-size=6000';
  return spawnSync(process.execPath, [memory, walk, ...more, ...flags], { cwd: root, stdio: 'inherit' }).status === 0;
}

// In `npm test` the smallest worlds are walked; all of them take minutes.
const isWalked = !(part === 'states' || (part === '' && form === 'long')) || walkStates();
const table = findingsTable();
console.log(`\n${table}\n`);
if (values.write) writePage(table);
process.exitCode = broken.length > 0 || !isWalked ? 1 : 0;

function writePage(text: string): void {
  const page = join(root, 'docs/proof.md');
  const [start, end] = ['<!-- proof: long -->', '<!-- end: long -->'];
  const before = readFileSync(page, 'utf8');
  const [head = ''] = before.split(start);
  const [, tail = ''] = before.split(end);
  const when = `Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
  writeFileSync(page, `${head}${start}\n\n${when}\n\n${text}\n\n${end}${tail}`);
}
