import * as v from 'valibot';
import {
  type AspectRatio,
  type Fit,
  fits,
  type ImageRequest,
  type KnownHosts,
  type OutputFormat,
  outputFormats,
  type PixelSize,
  type Resolution,
  type ResponseFormat,
  resolutions,
  responseFormats,
} from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import { toDataUrl } from '../image/base64.ts';
import { sniffMediaType } from '../image/media-type.ts';
import { reduce } from './ratio.ts';
import { parseSize } from './size.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A reference picture: an http(s) URL, a data URL, or the bytes of a picture file. */
export type ReferenceImage = string | URL | Uint8Array;

/** The picture: the neutral part of the options, the same for every host. */
export interface RequestOptions {
  /** What to draw, or how to change the reference pictures. Empty for a model that takes no prompt. */
  prompt: string;
  /**
   * Width and height in pixels, "W*H" or "WxH", such as "2048*2048". Excludes `aspectRatio` and `resolution`. For a text that
   * is computed at run time there is `imageOptions`. @default the model's own
   */
  size?: PixelSize | undefined;
  /** Width to height in whole numbers, "W:H", such as "16:9". @default the model's own */
  aspectRatio?: AspectRatio | undefined;
  /** About 1024, 1536, 2048, 3072 or 4096 pixels squared. @default the model's own */
  resolution?: Resolution | undefined;
  /** 0 to 2147483647; the same seed draws the same picture. Picture k of `n` gets `seed + k`. @default a random one */
  seed?: number | undefined;
  /** Reference pictures, in order: http(s) URLs, data URLs or bytes. @default none */
  images?: readonly ReferenceImage[] | undefined;
  /**
   * Where the first reference picture may change: a picture that is white there and black elsewhere, given like `images`. Refused
   * for a model of which it is not known that white is what changes. @default none
   */
  mask?: ReferenceImage | undefined;
  /** Let the host write a longer prompt from yours. @default the model's own */
  promptExpansion?: boolean | undefined;
  /** Ask the host to answer in one call, where it can; ignored elsewhere. @default false */
  sync?: boolean | undefined;
  /** How the host hands the picture over, where it has a choice; `bytes()` works either way. @default 'url' */
  responseFormat?: ResponseFormat | undefined;
  /** The file format of the picture, where the model has a choice. @default the model's own */
  outputFormat?: OutputFormat | undefined;
  /** `exact` refuses what a model cannot do exactly; `nearest` takes the nearest it can and says so. @default 'exact' */
  fit?: Fit | undefined;
  /**
   * Native fields by the name of their host, for what has no neutral name; each host reads its own entry, which is checked
   * against the model's table. An entry for a host that the program has no provider of is refused. @default none
   */
  providerOptions?: { readonly [Host in keyof KnownHosts]?: KnownHosts[Host] | undefined } | undefined;
  /**
   * Send what no table vouches for: a model id or native fields that are not known. A host may ignore them and charge; the result's
   * `warnings` name them. @default false
   */
  unchecked?: boolean | undefined;
  /** https address that the host calls when the job ends; the call still waits for the job. @default none */
  webhookUrl?: string | undefined;
}

export const maxSeed = 2_147_483_647;

const badReference = 'must be an https URL, a data:image/…;base64, URL or the bytes of a picture';
const reference = v.union(
  [
    v.pipe(
      v.instance(Uint8Array),
      v.minLength(1),
      v.check((bytes) => sniffMediaType(bytes) !== undefined, badReference),
      v.transform((bytes) => toDataUrl(bytes)),
    ),
    v.pipe(
      v.instance(URL),
      v.transform((url) => url.href),
      v.regex(/^https?:/, badReference),
    ),
    v.pipe(v.string(), v.regex(/^(https?:\/\/[^\s/]+\S*|data:image\/[\w.+-]+;base64,[\w+/=-]+)$/i, badReference)),
  ],
  badReference,
);

const json = v.custom<ImageRequest['providerOptions'][string]>(
  (value) => isJsonObject(value),
  'must hold the native fields of that provider as plain JSON, at most 32 levels deep, like { wavespeed: { seed: 7 } }',
);

const schema = v.strictObject({
  prompt: v.pipe(
    v.string('must be text'),
    v.check((text) => text === '' || text.trim() !== '', 'must not be empty'),
  ),
  size: v.optional(
    v.pipe(
      v.string('must be text like "1024*1024"'),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const size = parseSize(dataset.value);
        if (size) return size;
        addIssue({ message: 'must be "W*H" or "WxH" in pixels, like "1024*1024"' });
        return NEVER;
      }),
    ),
  ),
  aspectRatio: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,3}:[1-9]\d{0,3}$/, 'must be "W:H" in whole numbers, like "16:9"'),
      v.transform(toLowestTerms),
    ),
  ),
  resolution: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.toUpperCase()),
      v.picklist(resolutions, `must be one of ${resolutions.join(', ')}`),
    ),
  ),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxSeed))),
  images: v.optional(v.array(reference), []),
  mask: v.optional(reference),
  unchecked: v.optional(v.boolean('must be true or false')),
  promptExpansion: v.optional(v.boolean('must be true or false')),
  sync: v.optional(v.boolean('must be true or false')),
  responseFormat: v.optional(v.picklist(responseFormats, "must be 'url' or 'base64'")),
  outputFormat: v.optional(v.picklist(outputFormats, `must be one of ${outputFormats.join(', ')}`)),
  fit: v.optional(v.picklist(fits, "must be 'exact' or 'nearest'"), 'exact'),
  providerOptions: v.optional(
    v.pipe(
      v.record(v.string(), v.optional(json)),
      v.transform((entries) => withoutUndefined(entries) as ImageRequest['providerOptions']),
    ),
    {},
  ),
  webhookUrl: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^https:\/\/\S+$|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]\S*$/, 'must be an https URL'),
    ),
  ),
});

const noImages: readonly string[] = Object.freeze([]);
const noOptions = Object.freeze({});

/** Validates and normalises what the caller gave. Throws `invalid_request`; nothing is spent. */
export function parseRequest(options: RequestOptions): ImageRequest {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object');
  const result = v.safeParse(schema, withoutUndefined(options), { abortEarly: true });
  if (!result.success) throw invalid(describe(result.issues[0]));
  const request = result.output;
  if (request.size && (request.aspectRatio || request.resolution)) {
    throw invalid('`size` excludes `aspectRatio` and `resolution`: give the pixels, or the ratio with a resolution');
  }
  // A waiting job keeps its request: what most requests leave out is there once for all of them.
  const images = request.images.length === 0 ? noImages : request.images;
  const providerOptions = Object.keys(request.providerOptions).length === 0 ? noOptions : request.providerOptions;
  const unchecked = request.unchecked ? (true as const) : undefined;
  return withoutUndefined({ ...request, images, providerOptions, unchecked }) as unknown as ImageRequest;
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `\`${path}\` is not an option of imageport`;
  const named: Record<string, string> = {
    seed: `must be a whole number from 0 to ${maxSeed}`,
    prompt: 'must be text',
  };
  const problem = issue.message.startsWith('must') ? issue.message : (named[path] ?? `must be ${issue.expected}`);
  return `\`${path}\` ${problem}`;
}

function toLowestTerms(ratio: string): string {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return reduce({ width, height });
}

/** No host documents fields that are nested deeper; what holds itself is nested without end. */
const deepest = 32;

function isJsonObject(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > deepest) return false;
  return Object.values(value).every((each) => isJson(each, depth + 1));
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (!Array.isArray(value)) return isJsonObject(value, depth);
  return depth <= deepest && value.every((each) => isJson(each, depth + 1));
}
