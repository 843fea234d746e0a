import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder =
  process.env.IMAGEPORT_BENCH_FOLDER ?? join(import.meta.dirname, '../../../../node_modules/.cache/imageport-bench');

/** A result with the occasion on which it was measured. */
export interface Kept {
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  /** Seconds. */
  readonly took: number;
  readonly result: unknown;
}

/** Keeps the result of a part, so that another part can be measured again alone. */
export function keep(part: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${part}.json`), `${JSON.stringify(kept, null, 1)}\n`);
}

export function recall(part: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `${part}.json`), 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}
