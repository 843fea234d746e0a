import { readFileSync } from 'node:fs';

/** What was recorded of one field of a model. */
export interface RecordedField {
  readonly type: string | readonly string[];
  readonly required?: true;
  readonly default?: unknown;
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
  /** The host's web page hides it, the API takes it. */
  readonly apiOnly?: true;
  readonly hidden?: true;
  readonly typeMissing?: true;
  /** A free text of pixels; `minimum` and `maximum` beside it are pixels of one side. */
  readonly form?: 'W*H' | 'WxH';
  /** Bounds that only the text of the field gives. */
  readonly stated?: {
    readonly minArea?: number;
    readonly maxArea?: number;
    readonly minRatio?: string;
    readonly maxRatio?: string;
    readonly multipleOf?: number;
    readonly maxItems?: number;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly white?: string;
    readonly transparent?: string;
  };
}

export type RecordedFields = Readonly<Record<string, RecordedField>>;

export interface RecordedWavespeed {
  readonly id: string;
  readonly type: string;
  readonly live: boolean;
  /** USD by the date of the copy. */
  readonly usd: Readonly<Record<string, number>>;
  readonly priceFormula?: string;
  readonly listedPath?: string;
  readonly schema: 'full' | 'partial' | 'none';
  /** A script of that month sends fields that this schema does not have. */
  readonly schemaOlderThan?: string;
  readonly inputs: RecordedFields | null;
}

export interface RecordedApiframe {
  readonly id: string;
  readonly action: string;
  readonly params: string | null;
  readonly paramsRequired: boolean;
  readonly top: RecordedFields;
  readonly inputs: RecordedFields;
  /** The first copy of the host's document that has it no more. */
  readonly goneBy?: string;
  /** What pages say that a picture costs, the latest last. */
  readonly credits?: readonly {
    readonly credits: number | Readonly<Record<string, number>>;
    readonly per?: string;
  }[];
}

interface Recorded<Model> {
  /** Of the only copy. */
  readonly date?: string;
  /** By date. */
  readonly copies?: Readonly<Record<string, string>>;
  readonly models: readonly Model[];
}

interface Recordings {
  readonly wavespeed: Recorded<RecordedWavespeed>;
  readonly apiframe: Recorded<RecordedApiframe>;
}

export type Host = keyof Recordings;

export const recorded = <H extends Host>(host: H): Recordings[H] =>
  JSON.parse(readFileSync(new URL(`../../${host}/catalogue/recorded.json`, import.meta.url), 'utf8'));

/** The date of the latest copy of a host. */
export function dateOf({ date, copies = {} }: Recorded<unknown>): string {
  return date ?? Object.keys(copies).sort().at(-1) ?? '';
}
