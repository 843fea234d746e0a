import { errorTraits } from '@imageport/core';
import { code, table } from './table.ts';

/** The finer names, by code, from the same table. */
export function reasonTable(): string {
  const rows = Object.entries(errorTraits).filter(([, { reasons }]) => reasons.length > 0);
  return table(
    ['code', 'reasons'],
    rows.map(([name, { reasons }]) => [code(name), reasons.map(code).join(', ')]),
  );
}

const mark = (yes: boolean): string => (yes ? 'yes' : '');

/** Every code of `ImageError`, from the table that the engine itself reads. */
export function errorTable(): string {
  const rows = Object.entries(errorTraits).map(([name, { meaning, next, retry, fallback, http, exit }]) => {
    return [code(name), meaning, next, mark(retry), mark(fallback), String(http), String(exit)];
  });
  return table(['code', 'meaning', 'what to do', 'retry', 'fall back', 'HTTP', 'exit'], rows);
}
