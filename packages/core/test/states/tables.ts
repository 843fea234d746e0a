import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Walked } from './explore.ts';
import type { Removal } from './without.ts';

const page = join(import.meta.dirname, '../../../../docs/proof.md');

export interface Row extends Walked {
  readonly name: string;
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

export function worldsTable(rows: readonly Row[]): string {
  const head = [
    line(['world', 'states', 'transitions', 'depth', 'violations']),
    line(['---', '--:', '--:', '--:', '--:']),
  ];
  const body = rows.map(({ name, states, transitions, depth, violations, cut }) =>
    line([name, `${states}${cut ? ' (not all)' : ''}`, transitions, depth, violations.length]),
  );
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  const total = line([
    '**together**',
    sum(({ states }) => states),
    sum(({ transitions }) => transitions),
    '',
    sum(({ violations }) => violations.length),
  ]);
  return [...head, ...body, total].join('\n');
}

/** Every rule with the shortest way to break a promise without it. */
export function rulesTable(removals: readonly Removal[]): string {
  const rows = removals.map(({ mutant, found, states }) => {
    if (!found)
      return `- **${mutant.rule}**: nothing breaks in ${states} states. ${mutant.survives ?? 'No reason is known'}.`;
    return `- **${mutant.rule}**: ${found.why}. *${found.world}*: ${found.trace.join(' → ')}`;
  });
  const caught = removals.filter(({ found }) => found).length;
  return `${removals.length} rules taken out one at a time, ${caught} break a promise.\n\n${rows.join('\n')}`;
}

/** Replaces a generated part of `docs/proof.md`. */
export function writeSection(name: string, text: string): void {
  const [start, end] = [`<!-- states: ${name} -->`, `<!-- end: ${name} -->`];
  const before = readFileSync(page, 'utf8');
  const [head = ''] = before.split(start);
  const [, tail = ''] = before.split(end);
  const when = `Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
  writeFileSync(page, `${head}${start}\n\n${when}\n\n${text}\n\n${end}${tail}`);
}
