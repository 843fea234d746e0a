/** A JSON Schema as far as the catalogue uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  /** Bounds of a text such as `1024*1024`, which JSON Schema cannot say. */
  readonly pixels?: Pixels;
  readonly [keyword: string]: unknown;
}

export interface Pixels {
  readonly sign: '*' | 'x';
  /** The least and the most pixels of one side. */
  readonly side?: readonly [minimum: number | null, maximum: number | null];
  /** The least and the most pixels in all. */
  readonly area?: readonly [minimum: number, maximum: number];
  /** The most by which a side may exceed the other. */
  readonly stretch?: number;
  readonly multipleOf?: number;
}

/** A model of WaveSpeed as `catalogue/wavespeed.json` has it. */
export interface WavespeedModel {
  readonly id: string;
  readonly type: string;
  /** The base price. */
  readonly usd: number;
  /** JSONata over the inputs; all numbers in it are micro-dollars. */
  readonly formula?: string;
  /** Where the list says that it is asked, if that is not under its id. */
  readonly path?: string;
  /** The host's list has dropped it. */
  readonly gone?: true;
  /** It is gone from the list only: it can be called. */
  readonly stays?: true;
  /** Absent: nothing is known of its fields. */
  readonly schema?: Schema;
  /** What the host's list says where its pages say more, and `false` for what is on a page alone. */
  readonly listed?: false | Pick<WavespeedModel, 'schema' | 'formula'>;
  /** The pictures that come, where no field says how many. @default 1 */
  readonly outputs?: number;
  /** The side of the square that is drawn where nothing says how large. @default 1024 */
  readonly side?: number;
}

export const apiframeActions = ['generate', 'edit', 'upscale', 'background-remove', 'midjourney-action'] as const;
export type ApiframeAction = (typeof apiframeActions)[number];

/** A model of Apiframe, or a Midjourney action, as `catalogue/apiframe.json` has it. */
export interface ApiframeModel {
  readonly id: string;
  readonly action: ApiframeAction;
  /** The member of the body that holds the fields. */
  readonly params?: string;
  /** For one picture; by the value of `quality` where the price depends on it. Absent: unknown. */
  readonly credits?: number | Readonly<Record<string, number>>;
  /** Of the whole body. */
  readonly schema: Schema;
}

export interface CatalogueDocument<Model> {
  /** Of the latest copy that it was made from. */
  readonly date: string;
  readonly models: readonly Model[];
}
