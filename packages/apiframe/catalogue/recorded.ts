import { readFileSync } from 'node:fs';
import type { Operation } from '../src/live/document.ts';

export type { RecordedField, RecordedFields } from '../src/live/document.ts';

/** What one page says that a picture costs. */
export interface RecordedPrice {
  /** A number, or one for each value of `quality`. */
  readonly credits: number | Readonly<Record<string, number>>;
  /** A day as YYYY-MM-DD, or less exact words. */
  readonly date: string;
  readonly from: string;
  /** The field that the price is multiplied with. */
  readonly per?: string;
  /** The page says "about". */
  readonly about?: true;
  readonly at?: string;
}

/** One operation of the host with what its document does not tell. */
export interface RecordedModel extends Operation {
  /** The latest last. Absent: unknown. */
  readonly credits?: readonly RecordedPrice[];
  /** Of an operation that the newest copy does not name: the last copy that does, and the first that does not. */
  readonly lastSeen?: string;
  readonly goneBy?: string;
}

/** What is known of the host's image operations, by the day of its document. */
export interface Recorded {
  readonly date: string;
  readonly source: string;
  readonly models: readonly RecordedModel[];
  readonly [other: string]: unknown;
}

const file = new URL('recorded.json', import.meta.url);

export const readText = (): string => readFileSync(file, 'utf8');

export const readRecorded = (): Recorded => JSON.parse(readText());

/** One model on a line and all names sorted, so that a new copy reads as a diff. */
export function toText({ models, ...head }: Recorded): string {
  const lines = Object.keys(head)
    .sort()
    .map((name) => ` ${JSON.stringify(name)}: ${oneLine(head[name])},`);
  const rows = models.map((model) => `  ${oneLine(model)}`);
  return ['{', ...lines, ' "models": [', rows.join(',\n'), ' ]', '}', ''].join('\n');
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${oneLine(member)}`).join(', ')}}`;
}
