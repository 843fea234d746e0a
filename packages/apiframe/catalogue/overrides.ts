import type { RecordedField, RecordedFields } from './recorded.ts';

/** What is said of a field by hand, over what the document says. */
export type Override = Partial<RecordedField> & {
  readonly default?: string | number | boolean;
  /** What the field takes, in words. */
  readonly hint?: string;
};

export type Overrides = Readonly<Record<string, Override>>;

/** Their rows are in `src/families.ts`, by the pages of each model. */
export const isByHand = (id: string): boolean => id.startsWith('seedream-');

/** Native ids that mean the same model on every host. */
// biome-ignore format: one list of names
const everywhere: ReadonlySet<string> = new Set([
  'dall-e-2', 'dall-e-3',
  'flux-1.1-pro', 'flux-1.1-pro-ultra', 'flux-2-dev', 'flux-2-flex', 'flux-2-max', 'flux-2-pro',
  'gpt-image-1.5', 'gpt-image-2', 'grok-imagine-image',
  'ideogram-character', 'ideogram-v2', 'ideogram-v2-turbo', 'ideogram-v2a', 'ideogram-v2a-turbo',
  'ideogram-v3-balanced', 'ideogram-v3-quality', 'ideogram-v3-turbo',
  'imagen-3', 'imagen-3-fast', 'imagen-4', 'imagen-4-fast', 'imagen-4-ultra',
  'midjourney', 'nano-banana', 'nano-banana-2', 'nano-banana-2-lite', 'nano-banana-pro',
  'qwen-image', 'qwen-image-2', 'qwen-image-2-pro', 'reve-create',
  'stable-diffusion-3', 'stable-diffusion-3.5-large', 'stable-diffusion-3.5-large-turbo', 'stable-diffusion-3.5-medium',
  'wan-image-2.6', 'wan-image-2.7', 'wan-image-2.7-pro',
]);

/** Where the name that is the same on every host is another one. */
const elsewhere: Readonly<Record<string, string>> = {
  'seedream-3.1': 'dreamina-3.1',
  'bria-bg-remove': 'bria-remove-background',
};

/** The id that means the model on every host, if there is one. */
export const portableOf = (id: string): string | undefined => elsewhere[id] ?? (everywhere.has(id) ? id : undefined);

/** By the object of the fields: what pages say of the whole family. */
export const familyPages: Readonly<Record<string, Overrides>> = {
  imagenParams: { aspect_ratio: { default: '1:1' }, image_size: { default: '1K' }, output_format: { default: 'jpg' } },
  gptImageParams: {
    ...{ aspect_ratio: { default: '1:1' }, background: { default: 'auto' }, input_fidelity: { default: 'low' } },
    ...{ number_of_images: { default: 1 }, output_format: { default: 'webp' }, quality: { default: 'auto' } },
  },
  gptImage2Params: {
    ...{ aspect_ratio: { default: '1:1' }, background: { default: 'auto' }, number_of_images: { default: 1 } },
    ...{ output_format: { default: 'webp' }, quality: { default: 'auto' } },
  },
  klingImageParams: { model_name: { default: 'kling-v1' }, n: { default: 1 } },
  fluxFillParams: { steps: { default: 50 }, guidance: { default: 3 }, safety_tolerance: { default: 2 } },
};

const side: Override = { maximum: 1440 };

/** By model: what its own page says. The document describes a family; where the page is narrower, the page counts. */
export const pages: Readonly<Record<string, Overrides>> = {
  'flux-1.1-pro': { width: side, height: side },
  'flux-2-pro': { input_images: { maxItems: 8 } },
  'flux-2-flex': { steps: { default: 30 }, guidance: { default: 4.5 } },
  'ideogram-v3-turbo': {
    aspect_ratio: { enum: '1:1 16:9 9:16 4:3 3:4 3:2 2:3 16:10 10:16 3:1 1:3'.split(' ') },
    resolution: { pattern: '^(None|\\d+x\\d+)$', hint: '"None" or "WxH"' },
    style_type: { enum: ['None', 'Auto', 'General', 'Realistic', 'Design'] },
  },
  // The document says so in words: base64, neither an address nor a data URL.
  inpaint: { mask: { pattern: '^[\\w+/=-]+$', hint: 'base64' } },
};

const pixels = ['input_images', 'image_prompt'];

/**
 * Fields that no neutral option is written to, so that nothing is asked for that may be ignored and charged; `providerOptions`
 * reaches them. By the object of the fields: Ideogram's picture is one to be repainted by a mask, whose colours no page explains.
 * By model: the document gives them to the family, and on the other host the same model lacks what its siblings have.
 */
export const nativeOnly: Readonly<Record<string, readonly string[]>> = {
  ideogramParams: ['image', 'character_reference_image'],
  'ideogram-character': ['image'],
  'flux-1.1-pro': pixels,
  'flux-1.1-pro-ultra': pixels,
  'nano-banana': ['resolution'],
  'imagen-3': ['image_size'],
  'imagen-3-fast': ['image_size'],
  'imagen-4-fast': ['image_size'],
};

/** Of these a page says that white in the mask is what changes. */
export const whiteMask: ReadonlySet<string> = new Set(['flux-fill-pro']);

/** What a price by `quality` is where nothing is asked: the default is "auto", which costs as much as "high". */
export const autoQuality = 'high';

/** A field with what is said of it by hand. */
export function overridden(
  fields: RecordedFields,
  ...all: readonly (Overrides | undefined)[]
): Record<string, Override> {
  const result: Record<string, Override> = {};
  for (const [name, { required: _, ...field }] of Object.entries(fields)) result[name] = field;
  for (const overrides of all) {
    for (const [name, override] of Object.entries(overrides ?? {})) {
      if (!fields[name]) throw new TypeError(`overrides.ts names \`${name}\`, which the document has no more`);
      result[name] = { ...result[name], ...override };
    }
  }
  return result;
}
