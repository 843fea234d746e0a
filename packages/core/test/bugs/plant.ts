import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../../..');

/** A piece of a source, and what stands there instead. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly replace: string;
}

/** A bug, with every place that it changes. */
export interface Plant {
  readonly id: string;
  readonly changes: readonly (Change & { readonly file: string })[];
}

/** The sources with the bug in them, by path. */
export function planted({ changes }: Plant): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  // From the end, so that the places before stay where they are.
  for (const { file, start, end, replace } of [...changes].sort((a, b) => b.start - a.start)) {
    const text = texts.get(file) ?? readFileSync(join(root, file), 'utf8');
    texts.set(file, text.slice(0, start) + replace + text.slice(end));
  }
  return texts;
}
