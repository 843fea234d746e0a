import type { HttpRequest } from './adapter.ts';
import type { FieldSpec, Gone } from './family.ts';
import type { Cost } from './result.ts';

/** A host's own list of its models, beside what this version knows of it: `imageport models --check` compares the two. */
export interface ModelList {
  /** Costs nothing. */
  readonly request: HttpRequest;
  /** It is answered without a key, so none is sent along. */
  readonly open?: boolean;
  /** Reads the body of the answer. Undefined for one that is no such list. */
  read(body: unknown): Promise<ListReading | undefined>;
}

export interface ListReading {
  /** What the list held when the tables were written, the models that it had dropped by then included. */
  readonly tables: readonly ListedModel[];
  /** What it holds now, in the same words. */
  readonly list: readonly ListedModel[];
  /** Ids that it has more than once: which entry counts is not told. @default none */
  readonly twice?: readonly string[];
  /** What may make pictures and stands under a category that is not read. @default none */
  readonly unread?: readonly { readonly id: string; readonly category: string }[];
}

/** One model, or another operation, as the host's list has it. */
export interface ListedModel {
  /** The host's own id. */
  readonly id: string;
  /** The host's own category. */
  readonly category?: string;
  /** Where it is asked. */
  readonly path?: string;
  /** How the fields move the price, in the host's words; an empty text where the list tells that they do not. */
  readonly priceTerms?: string;
  /** Only some of its fields are known. */
  readonly partly?: boolean;
  /** Before anything that moves it. Absent: the list tells none. */
  readonly basePrice?: Cost;
  /** Absent: the list does not tell them. */
  readonly fields?: Readonly<Record<string, FieldSpec>>;
  /** Names of the fields that must be there. */
  readonly required?: readonly string[];
  /** The list had dropped it when the tables were written. */
  readonly gone?: Gone;
}
