// Plants every bug alone and runs the quick suite: `npm run prove:bugs [part of an id]`. Ends with 1 if one is not caught.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bugs } from './bugs.ts';

const config = join(import.meta.dirname, 'vitest.config.ts');
const [only = ''] = process.argv.slice(2);

interface Report {
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { status: string; title: string }[];
  }[];
}

/** Tests that are over in seconds notice most bugs; the rest of the quick suite is asked only if they do not. */
const swift = [
  'test/engine',
  'test/ledger-order',
  'test/budget',
  'test/route',
  'test/sweep',
  'test/pace',
  'test/wire',
  'test/parts',
  'proof/table',
  'test/found/planted-bugs',
  'proof/abort',
];

const caughtBy = (id: string): string | undefined => failedTest(id, swift) ?? failedTest(id, []);

/** The first test that fails with a bug, or undefined. A suite that does not even start has noticed nothing. */
function failedTest(id: string, files: readonly string[]): string | undefined {
  const file = join(tmpdir(), `imageport-bug-${process.pid}.json`);
  const env = { ...process.env, IMAGEPORT_BUG: id, IMAGEPORT_BUG_REPORT: file };
  rmSync(file, { force: true });
  const run = spawnSync('vitest', ['run', '--config', config, ...files], { env, encoding: 'utf8' });
  if (!existsSync(file)) throw new Error(`"${id}": ${run.stdout}${run.stderr}`);
  const report: Report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  if (report.numFailedTests === 0) return undefined;
  return report.testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === 'failed')?.title;
}

// What fails without a bug would catch every one of them.
const broken = caughtBy('none');
if (broken !== undefined) throw new Error(`without any bug this fails: ${broken}`);

const chosen = bugs.filter(({ id }) => id.includes(only));
const missed = chosen.filter(({ id }) => {
  const test = caughtBy(id);
  console.log(`${test ? 'caught' : 'MISSED'}  ${id.padEnd(40)} ${test ?? ''}`);
  return test === undefined;
});
console.log(`\n${chosen.length} bugs planted, ${chosen.length - missed.length} caught`);
process.exitCode = missed.length > 0 ? 1 : 0;
