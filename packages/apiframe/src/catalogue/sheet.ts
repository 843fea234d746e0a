import type { Family, Gone } from '@imageport/core';
import type { Fields } from './spec.ts';

/** Which fields some models share, and where they go. */
export interface Shape {
  /** The operation, where it is not the one that generates. */
  readonly path?: string;
  readonly task?: NonNullable<Family['task']>;
  /** The object that holds the fields. Absent: they stand at the top of the body. */
  readonly params?: string;
  /** Longest prompt in characters, which stands beside that object. Absent: there is none, or it is one of the fields. */
  readonly prompt?: number;
  readonly fields: Fields;
  readonly required?: readonly string[];
  /** Fields that no neutral option is written to. */
  readonly nativeOnly?: readonly string[];
  /** A page says that white in the mask is what changes. */
  readonly whiteMask?: true;
}

/** What a job costs in credits, as a page says. */
export interface Price {
  readonly credits: number | Readonly<Record<string, number>>;
  /** The field that chooses among several prices, and its value where it is not given. */
  readonly by?: string;
  readonly usual?: string;
  /** The field that the price is multiplied with. */
  readonly per?: string;
  /** YYYY-MM-DD, where the page tells the day. */
  readonly asOf?: string;
}

export interface Model {
  readonly id: string;
  /** The id that means it on every host. */
  readonly portable?: string;
  /** Absent: not known. */
  readonly price?: Price;
  readonly gone?: Gone;
}

/** Fields that go with an action on a Midjourney job. */
export interface Action {
  /** They must be there. */
  readonly needs: readonly string[];
  /** They may be. */
  readonly takes: readonly string[];
}
