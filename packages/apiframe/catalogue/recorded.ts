import { readFileSync } from 'node:fs';

/** One field as the host's document has it. */
export interface RecordedField {
  readonly type: string | readonly string[];
  readonly required?: true;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: object;
}

export type RecordedFields = Readonly<Record<string, RecordedField>>;

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

/** One operation of the host: a model, or an action on a Midjourney job. */
export interface RecordedModel {
  readonly id: string;
  readonly action: string;
  /** Method and path. */
  readonly endpoint: string;
  /** The object that holds the fields; null where they stand at the top. */
  readonly params: string | null;
  readonly paramsRequired: boolean;
  /** Fields beside that object, without the webhook's. */
  readonly top: RecordedFields;
  readonly inputs: RecordedFields;
  /** The latest last. Absent: unknown. */
  readonly credits?: readonly RecordedPrice[];
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
