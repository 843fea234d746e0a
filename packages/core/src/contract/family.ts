import type { Latency } from '../schedule/schedule.ts';
import type { JsonObject } from './json.ts';
import type { Adaptation, OutputFormat, Resolution, Task, Variation } from './request.ts';
import type { Cost } from './result.ts';

/** One native field: what may be sent. The same table refuses bad values, feeds the tests and prints the docs. */
export type FieldSpec =
  | { readonly type: 'integer' | 'number'; readonly min?: number; readonly max?: number; readonly default?: number }
  | { readonly type: 'boolean'; readonly default?: boolean }
  | {
      readonly type: 'text';
      readonly pattern?: RegExp;
      readonly hint?: string;
      readonly default?: string;
      /** Least and most characters. */
      readonly min?: number;
      readonly max?: number;
    }
  | {
      readonly type: 'choice';
      readonly values: readonly (string | number)[];
      readonly default?: string | number;
    }
  | { readonly type: 'urls'; readonly pattern?: RegExp; readonly min?: number; readonly max?: number }
  | { readonly type: 'list'; readonly of: FieldSpec; readonly min?: number; readonly max?: number }
  | {
      readonly type: 'object';
      readonly fields: Readonly<Record<string, FieldSpec>>;
      readonly required?: readonly string[];
    }
  /** "W*H", or "WxH" where `separator` says so. */
  | ({ readonly type: 'size'; readonly default?: string; readonly separator?: 'x' } & PixelRange);

/** Pixels per side, and in all where the host limits the area. An absent limit is one that the host does not document. */
export interface PixelRange {
  readonly min?: number;
  readonly max?: number;
  readonly minArea?: number;
  readonly maxArea?: number;
  /** The longer side is at most this many times the shorter one. */
  readonly maxRatio?: number;
  /** Both sides are multiples of it. */
  readonly multipleOf?: number;
}

/** Which ways of saying "how large" a model takes. A member that is absent is a way it does not take. */
export interface Geometry {
  /** Width and height in pixels. */
  readonly pixels?: PixelRange;
  /** The only pixels there are, as "W*H". */
  readonly sizes?: readonly string[];
  /** Aspect ratios by name: any "W:H", or a list. */
  readonly ratios?: 'any' | readonly string[];
  /** Neutral resolutions ("1K" …) that the model has a word for. */
  readonly resolutions?: readonly Resolution[];
  /** Exact pixels of a resolution and ratio, only where the host documents them: `known['2K']['1:1'] = [2048, 2048]`. */
  readonly known?: Readonly<Partial<Record<Resolution, Readonly<Record<string, readonly [number, number]>>>>>;
  /** Area in pixels of a ratio given to a model that takes only pixels. */
  readonly area?: number;
}

/** Which neutral options a family honours. What is absent is refused where it would change the picture. */
export interface Accepts {
  /** Whether there must be a prompt, may be one, or is none. @default 'required', or 'none' where nothing is generated */
  readonly prompt?: 'required' | 'optional' | 'none';
  readonly geometry?: Geometry;
  readonly seed?: boolean;
  /** How many reference pictures. `onlyMasked`: they are there to be masked, and refused without a `mask`. */
  readonly images?: { readonly min: number; readonly max: number; readonly onlyMasked?: true };
  /** A mask, where it is known that white is what changes: whether it must be there. */
  readonly mask?: 'required' | 'optional';
  /** Factors by which the model makes a picture larger. */
  readonly scales?: readonly number[];
  /** Whether prompt expansion can be switched. Absent: the model never expands. */
  readonly promptExpansion?: boolean;
  readonly sync?: boolean;
  readonly base64?: boolean;
  readonly outputFormats?: readonly OutputFormat[];
}

/** "How large", resolved for one model. */
export type Shape =
  | { readonly kind: 'default' }
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number }
  | { readonly kind: 'ratio'; readonly ratio?: string; readonly resolution?: Resolution };

/** A request that one family can honour as it stands; made by `prepareRequest`, read by `toWire`. */
export interface ResolvedRequest {
  /** Empty where there is none. Only for a family that has `prompt` among its fields; else it is sent beside them. */
  readonly prompt: string;
  readonly shape: Shape;
  readonly seed?: number;
  readonly images: readonly string[];
  readonly mask?: string;
  readonly scale?: number;
  readonly vary?: Variation;
  readonly promptExpansion?: boolean;
  readonly sync?: boolean;
  readonly base64?: boolean;
  readonly outputFormat?: OutputFormat;
  readonly adaptations: readonly Adaptation[];
}

/** One model of a host. `Id`: every id that it answers to, so that they complete in an editor. */
export interface ModelRow<Id extends string = string> {
  /** Ids that mean the same model on every host. */
  readonly ids: readonly Id[];
  /** The host's own id. */
  readonly native: Id;
  /** Listed price of one job, from the native fields and the prompt where it depends on them. */
  readonly price?: Cost | ((fields: JsonObject, prompt: string) => Cost);
  /** Where the adapter sends it, where that is not the same for all: handed to `toSubmit` as it stands. */
  readonly endpoint?: Readonly<Record<string, string>>;
  /** The host's list has dropped it. It is asked all the same, unless a route names another model after it. */
  readonly gone?: Gone;
  /** What else a caller should know before paying, in words: it is among the `warnings`. */
  readonly note?: string;
}

/** Dates of copies of the host's list, as YYYY-MM-DD. */
export interface Gone {
  /** The last that names the model. */
  readonly seen: string;
  /** The first that does not. */
  readonly by: string;
}

/** Models of one host that share their parameters. Adding a model is adding a row. */
export interface Family<Id extends string = string> {
  readonly models: readonly ModelRow<Id>[];
  /** What its models do. @default 'generate' */
  readonly task?: Task;
  /** Longest prompt in characters, as the host documents it. */
  readonly maxPrompt?: number;
  readonly accepts: Accepts;
  /** The native fields, or 'any' where they are not vouched for. */
  readonly fields: Readonly<Record<string, FieldSpec>> | 'any';
  /** Native fields that must be there. */
  readonly required?: readonly string[];
  /** The models may take more than the fields that are known: others are sent where the request says `unchecked`. */
  readonly partly?: boolean;
  /** Nobody knows the fields without which its models are charged for nothing: only a request that says `unchecked` is sent. */
  readonly untold?: boolean;
  /** Names the neutral options as the host does. `undefined` members are not sent. */
  toWire(request: ResolvedRequest): Readonly<Record<string, JsonObject[string] | undefined>>;
  /** Native fields that are sent where neither a neutral option nor `providerOptions` says anything. */
  toDefaults?(request: ResolvedRequest): Readonly<Record<string, JsonObject[string] | undefined>>;
  /** What is wrong with a combination of fields that the host would not refuse but ignore, in words. */
  check?(fields: JsonObject): string | undefined;
  /** How long a generation takes, as a hint for the schedule: median in milliseconds and spread of its logarithm. */
  readonly latency?: Latency;
}
