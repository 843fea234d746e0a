import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a suite found. */
export interface Finding {
  readonly suite: string;
  readonly tried: number;
  readonly violations: readonly string[];
  /** Reproduces the run, where chance was in it. */
  readonly seed?: number | undefined;
  /** A figure that was measured on the way. */
  readonly note?: string | undefined;
}

const folder =
  process.env.IMAGEPORT_PROVE_FOLDER ?? join(import.meta.dirname, '../../../../node_modules/.cache/imageport-proof');

/** How many times the quick counts: 1 in `npm test`, more in `npm run prove`. */
export const scale = Number(process.env.IMAGEPORT_PROVE_SCALE ?? 1);
export const seedOr = (seed: number): number => Number(process.env.IMAGEPORT_PROVE_SEED ?? seed);

export const forgetFindings = (): void => rmSync(folder, { recursive: true, force: true });

/** Keeps a finding for the table that is printed at the end. */
export function keepFinding(finding: Finding): Finding {
  // A run with a planted bug proves nothing.
  if (process.env.IMAGEPORT_BUG) return finding;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${finding.suite.replace(/\W+/g, '-')}.json`), JSON.stringify(finding));
  return finding;
}

/** The table: what was tried, how often, how often a promise was broken, and what reproduces it. */
export function findingsTable(): string {
  const rows = readFindings().map(({ suite, tried, violations, seed, note }) => {
    return [suite, `${tried}`, `${violations.length}`, `${seed ?? ''}`, note ?? ''];
  });
  const all = [['suite', 'tried', 'violations', 'seed', 'measured'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function readFindings(): Finding[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } catch {
    return [];
  }
}
