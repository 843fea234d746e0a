import { ImageError } from '@imageport/core';
import * as v from 'valibot';

/** What a model makes of a value of `quality`, in neutral options. */
const quality = v.pipe(
  v.strictObject({
    resolution: v.optional(v.string()),
    aspectRatio: v.optional(v.string()),
    size: v.optional(v.string()),
    providerOptions: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
  }),
  v.description('Neutral options, such as { "resolution": "4K" }.'),
);

const byModel = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.optional(
    v.pipe(v.record(v.string(), schema), v.description(`${description} By name of the model; "*" is for all.`)),
  );

const milliseconds = v.pipe(v.number(), v.integer(), v.minValue(1000));

/** The settings that are plain data, as a config file has them. */
export const settingsSchema = v.strictObject({
  models: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1),
      v.description(
        'What may be asked for: names of models or routes, "host:id", or "host:*" for every model of a host.',
      ),
    ),
  ),
  aliases: v.optional(
    v.pipe(v.record(v.string(), v.string()), v.description('Other names of them: { "gpt-image-1": "hero" }.')),
  ),
  defaultModel: v.optional(v.pipe(v.string(), v.description('For requests that name none.'))),
  ignore: byModel(v.array(v.string()), 'Fields of a request that are left out unread.'),
  quality: byModel(v.record(v.string(), quality), 'What the values of `quality` mean.'),
  fit: byModel(v.picklist(['exact', 'nearest']), 'Whether the nearest size will do.'),
  timeout: v.optional(
    v.pipe(milliseconds, v.description('Milliseconds until a request is answered. Default: 240000.')),
  ),
  mostBytes: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1024), v.description('Bytes of a body. Default: 67108864.')),
  ),
  publicUrl: v.optional(
    v.pipe(v.string(), v.url(), v.description('Where clients reach the gateway, for addresses of pictures.')),
  ),
  fileLifetime: v.optional(
    v.pipe(milliseconds, v.description('Milliseconds for which the address of a picture holds. Default: 86400000.')),
  ),
});

/** What a gateway serves and how, as plain data. */
export interface GatewaySettings {
  /** What may be asked for: names of the registry, "host:id", or "host:*" for every model of a host. */
  readonly models: readonly string[];
  /** Other names of the same models, such as one that an app insists on: `{ 'gpt-image-1': 'hero' }`. @default none */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /** For requests that name no model. @default such a request is refused */
  readonly defaultModel?: string | undefined;
  /** Fields of a request that are left out unread, by model; "*" is for all of them. @default none */
  readonly ignore?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * What the values of `quality` mean in neutral options, by model: `{ hero: { high: { resolution: '4K' } } }`. A request that says by
   * itself how large its picture shall be has the last word. @default none
   */
  readonly quality?: Readonly<Record<string, Readonly<Record<string, QualityOptions>>>> | undefined;
  /** Whether the nearest size will do where a model cannot make the exact one, by model. @default 'exact' */
  readonly fit?: Readonly<Record<string, 'exact' | 'nearest'>> | undefined;
  /** Milliseconds until a request is answered, with a picture or an error. @default 240000 */
  readonly timeout?: number | undefined;
  /** Bytes that the body of a request may have. @default 67108864 (64 MiB) */
  readonly mostBytes?: number | undefined;
  /** Where clients reach the gateway, for addresses of pictures. @default the address that the request was sent to */
  readonly publicUrl?: string | undefined;
  /** Milliseconds for which the address of a picture holds. @default 86400000 (a day) */
  readonly fileLifetime?: number | undefined;
}

/** Neutral options, checked when they are used. */
export type QualityOptions = v.InferOutput<typeof quality>;

/** Checks settings that were read from a file. Throws `invalid_request`, which names the setting. */
export function readSettings(value: unknown): v.InferOutput<typeof settingsSchema> {
  const result = v.safeParse(settingsSchema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = ['gateway', v.getDotPath(issue)].filter(Boolean).join('.');
  const known = Object.keys(settingsSchema.entries).join(', ');
  const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
  const problem = isUnknown ? `is not a setting; there are ${known}` : `must be ${issue.expected ?? 'something else'}`;
  throw invalidSetting(`"${path}" ${problem}`);
}

export const invalidSetting = (problem: string): ImageError =>
  new ImageError({ code: 'invalid_request', message: problem, billed: 'no', stage: 'prepare' });

/** The entry of a model, or that of all. */
export const settingOf = <Value>(
  byName: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined => (byName && Object.hasOwn(byName, name) ? byName[name] : byName?.['*']);
