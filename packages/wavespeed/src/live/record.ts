import type { Json } from '@imageport/core';

/** What is known of one input field of a model; the words are those of the host's JSON Schema. */
export interface RecordedInput {
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: Json;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  /** The host's own web page does not offer it. */
  readonly apiOnly?: boolean;
  /** It is taken, but not advertised. */
  readonly hidden?: boolean;
  readonly items?: RecordedItems;
  /** A text that is a size in pixels: the limits beside it are pixels per side. */
  readonly form?: 'W*H' | 'WxH';
  /** What only the field's description says. */
  readonly stated?: Stated;
}

export interface RecordedItems {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, RecordedInput>>;
  readonly required?: readonly string[];
}

export interface Stated {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minArea?: number;
  readonly maxArea?: number;
  /** "1:8": the longer side is at most eight times the shorter one. */
  readonly minRatio?: string;
  readonly maxRatio?: string;
  readonly multipleOf?: number;
  readonly maxItems?: number;
  /** What the white of a mask means. */
  readonly white?: 'change' | 'keep';
}

/**
 * What is known of one image model. Dates are those of the copies of the host's list, as YYYY-MM-DD: a copy that says of a model what
 * the one before said leaves no date there.
 */
export interface RecordedModel {
  readonly id: string;
  /** The host's own category, such as "text-to-image". */
  readonly type: string;
  readonly live: boolean;
  readonly seen: readonly string[];
  /** Of a model that the newest copy does not name: the last copy that does, and the first that does not. */
  readonly lastSeen?: string;
  readonly goneBy?: string;
  /** The base price in USD, by copy. */
  readonly usd: Readonly<Record<string, number>>;
  /** JSONata over the inputs, in millionths of a dollar. */
  readonly priceFormula?: string;
  readonly priceFormulaFrom?: string;
  /** Where a list says that it is asked, if that is not under its id. */
  readonly listedPath?: string;
  /** Whether all fields are known, some, or none. */
  readonly schema: 'full' | 'partial' | 'none';
  readonly inputs: Readonly<Record<string, RecordedInput>> | null;
  /** A script of that month sends fields that the schema does not have. */
  readonly schemaOlderThan?: string;
  /** The copy that the fields are from, or a page or script with its month. */
  readonly inputsFrom?: string;
}
