// The long form of the proofs: `npm run prove [-- part of a file name] [--write]`. Ends with 1 if a promise was broken.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../../../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});

/** How many times the quick counts of `npm test`. What tries everything there is is not scaled. */
const suites: readonly (readonly [file: string, scale: number])[] = [
  ['packages/core/test/proof/table.test.ts', 2],
  ['packages/core/test/proof/abort.test.ts', 1],
  ['packages/core/test/proof/canary.test.ts', 1],
  ['packages/core/test/proof/download.test.ts', 1],
  ['packages/core/test/proof/memory.test.ts', 1],
  ['packages/core/test/proof/deadline.test.ts', 10],
  ['packages/wavespeed/test/webhook-proof.test.ts', 20],
  ['packages/apiframe/test/webhook-proof.test.ts', 20],
  ['packages/core/test/proof/parser.test.ts', 100],
  ['packages/core/test/ledger/crash.test.ts', 20],
  ['packages/core/test/proof/sockets.test.ts', 50],
  ['packages/core/test/proof/random.test.ts', 100],
];

process.env.IMAGEPORT_PROVE_FOLDER ??= join(root, 'node_modules/.cache/imageport-proof-long');
const { findingsTable, forgetFindings } = await import('./findings.ts');

const [part = ''] = positionals;
const chosen = suites.filter(([file]) => file.includes(part));
if (chosen.length === suites.length) forgetFindings();
const broken = chosen.filter(([file, scale]) => {
  const env = { ...process.env, IMAGEPORT_PROVE_SCALE: `${scale}` };
  console.log(`${file}, ${scale} times the quick form`);
  return (
    spawnSync('vitest', ['run', '--config', 'vitest.workspace.ts', file], { cwd: root, env, stdio: 'inherit' })
      .status !== 0
  );
});

const table = findingsTable();
console.log(`\n${table}\n`);
if (values.write) writePage(table);
process.exitCode = broken.length > 0 ? 1 : 0;

function writePage(text: string): void {
  const page = join(root, 'docs/proof.md');
  const [start, end] = ['<!-- proof: long -->', '<!-- end: long -->'];
  const before = readFileSync(page, 'utf8');
  const [head = ''] = before.split(start);
  const [, tail = ''] = before.split(end);
  const when = `Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
  writeFileSync(page, `${head}${start}\n\n${when}\n\n${text}\n\n${end}${tail}`);
}
