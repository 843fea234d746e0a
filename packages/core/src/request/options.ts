import * as v from 'valibot';
import type { ImageRequest, OutputFormat, Resolution } from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import { toDataUrl } from '../image/base64.ts';
import { sniffMediaType } from '../image/media-type.ts';
import { reduce } from './geometry.ts';
import { parseSize } from './size.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A reference picture: an http(s) URL, a data URL, or the bytes of a picture file. */
export type ReferenceImage = string | URL | Uint8Array;

/** The picture: the neutral part of the options, the same for every host. */
export interface RequestOptions {
  /** What to draw. */
  prompt: string;
  /** Pixels, "W*H" or "WxH". Excludes `aspectRatio` and `resolution`. */
  size?: string | undefined;
  /** "W:H", such as "16:9". */
  aspectRatio?: string | undefined;
  /** "1K", "1.5K", "2K", "3K" or "4K": about that many pixels squared. */
  resolution?: Resolution | undefined;
  /** 0 to 2147483647; the same seed draws the same picture. Picture k of `n` gets `seed + k`. */
  seed?: number | undefined;
  /** Reference pictures, in order. */
  images?: readonly ReferenceImage[] | undefined;
  /** Let the host write a longer prompt from yours. @default the model's own */
  promptExpansion?: boolean | undefined;
  /** Ask the host to answer in one call, where it can; ignored elsewhere. @default false */
  sync?: boolean | undefined;
  /** How the host hands the picture over, where it has a choice; `bytes()` works either way. @default 'url' */
  responseFormat?: 'url' | 'base64' | undefined;
  outputFormat?: OutputFormat | undefined;
  /** @default 'exact' */
  fit?: 'exact' | 'nearest' | undefined;
  /** Native fields by provider name, checked against the host's table where there is one. */
  providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** https address that the host calls when the job ends. */
  webhookUrl?: string | undefined;
}

const resolutions = ['1K', '1.5K', '2K', '3K', '4K'] as const;
const formats = ['png', 'jpeg', 'webp'] as const;
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
    v.check((text) => text.trim() !== '', 'must not be empty'),
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
  promptExpansion: v.optional(v.boolean('must be true or false')),
  sync: v.optional(v.boolean('must be true or false')),
  responseFormat: v.optional(v.picklist(['url', 'base64'], "must be 'url' or 'base64'")),
  outputFormat: v.optional(v.picklist(formats, `must be one of ${formats.join(', ')}`)),
  fit: v.optional(v.picklist(['exact', 'nearest'], "must be 'exact' or 'nearest'"), 'exact'),
  providerOptions: v.optional(v.record(v.string(), json), {}),
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
  return withoutUndefined({ ...request, images, providerOptions }) as unknown as ImageRequest;
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
