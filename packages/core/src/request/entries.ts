import * as v from 'valibot';
import { fits, type ImageRequest, outputFormats, resolutions, responseFormats } from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import { toDataUrl } from '../image/base64.ts';
import { sniffMediaType } from '../image/media-type.ts';
import { reduce } from './ratio.ts';
import { parseSize } from './size.ts';
import { withoutUndefined } from './without-undefined.ts';

export const maxSeed = 2_147_483_647;

const badReference = 'must be an https URL, a data:image/…;base64, URL or the bytes of a picture';
export const reference = v.union(
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

/** Every option of the picture that `generateImage` takes; the other verbs share most of them. */
export const entries = {
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
};
/** Checks options against the schema of one function, which errors name. Throws `invalid_request`. */
export function readOptions<Schema extends v.GenericSchema<object>>(
  schema: Schema,
  options: object,
  name: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, withoutUndefined(options), { abortEarly: true });
  if (result.success) return result.output;
  throw invalid(describe(result.issues[0], name));
}

function describe(issue: v.BaseIssue<unknown>, name: string): string {
  const path = v.getDotPath(issue) ?? 'options';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `\`${path}\` is not an option of ${name}`;
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
