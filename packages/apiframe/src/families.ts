import type { Cost, Family, FieldSpec, JsonObject, ModelRow, ResolvedRequest } from '@imageport/core';

const credits = (amount: number): Cost => ({ amount, currency: 'credit', source: 'listed' });
const row = <const Native extends string, const Alias extends string = never>(
  native: Native,
  price?: Cost,
  ...aliases: readonly Alias[]
): ModelRow<Native | Alias> => ({
  ids: [native, ...aliases],
  native,
  endpoint: { params: 'seedreamParams' },
  ...(price === undefined ? {} : { price }),
});

// A hint for the schedule: the model pages speak of 10 to 15 seconds.
const latency = { median: 12_000, sigma: 0.5 };
const maxPrompt = 2000;

const ratioOr = (word: string): FieldSpec => ({
  type: 'text',
  pattern: new RegExp(`^(\\d+:\\d+|${word})$`),
  hint: `"W:H" or "${word}"`,
});
const side = (min: number, max: number): FieldSpec => ({ type: 'integer', min, max });
const images = (max: number): FieldSpec => ({
  type: 'urls',
  pattern: /^(https?:\/\/|data:image\/[\w.+-]+;base64,)\S/i,
  max,
});
const choice = (values: readonly string[], byDefault?: string): FieldSpec => ({
  type: 'choice',
  values,
  ...(byDefault === undefined ? {} : { default: byDefault }),
});
const seed: FieldSpec = { type: 'integer' };
const switchedOn: FieldSpec = { type: 'boolean', default: true };

/** Models 3 and 3.1 call it "custom" in `aspect_ratio`, models 4 and 4.5 in `size`. */
const toFirstShape = ({ shape }: ResolvedRequest) => ({
  aspect_ratio: shape.kind === 'pixels' ? 'custom' : shape.kind === 'ratio' ? shape.ratio : undefined,
  ...toSides(shape),
});

/** With a reference picture and nothing said about size, the picture gives the ratio. */
const matchInput = ({ shape, images }: ResolvedRequest) => ({
  aspect_ratio: shape.kind === 'default' && images.length ? 'match_input_image' : undefined,
});

/** The host ignores width and height beside any other size, and charges for a picture nobody asked for. */
const sidesNeed =
  (field: 'aspect_ratio' | 'size') =>
  (fields: JsonObject): string | undefined =>
    ('width' in fields || 'height' in fields) && fields[field] !== 'custom'
      ? `width and height count only with ${field} "custom"`
      : undefined;

const toLaterShape = ({ shape, images }: ResolvedRequest) => ({
  aspect_ratio: shape.kind === 'ratio' ? shape.ratio : undefined,
  size: shape.kind === 'pixels' ? 'custom' : shape.kind === 'ratio' ? shape.resolution : undefined,
  ...toSides(shape),
  image_input: images.length ? images : undefined,
});

const toSides = (shape: ResolvedRequest['shape']) =>
  shape.kind === 'pixels' ? { width: shape.width, height: shape.height } : {};

/** Keeps the ids of the rows. */
const family = <Id extends string>(sheet: Family<Id>): Family<Id> => sheet;

const seedream3 = family({
  models: [row('seedream-3', credits(3))],
  maxPrompt,
  latency,
  accepts: { geometry: { pixels: { min: 512, max: 2048 }, ratios: 'any', resolutions: ['1K'] }, seed: true },
  fields: {
    aspect_ratio: ratioOr('custom'),
    seed,
    size: choice(['regular', 'big', 'small'], 'regular'),
    width: side(512, 2048),
    height: side(512, 2048),
    guidance_scale: { type: 'number', min: 1, max: 10, default: 2.5 },
  },
  toWire: (request) => ({
    ...toFirstShape(request),
    // "regular" is documented as one megapixel, which is what 1K means.
    size: request.shape.kind === 'ratio' && request.shape.resolution ? 'regular' : undefined,
    seed: request.seed,
  }),
  check: sidesNeed('aspect_ratio'),
});

const seedream31 = family({
  // The host says that this model is Dreamina 3.1.
  models: [row('seedream-3.1', credits(3), 'dreamina-3.1')],
  maxPrompt,
  latency,
  accepts: {
    geometry: { pixels: { min: 512, max: 3024 }, ratios: 'any', resolutions: ['2K'] },
    seed: true,
    promptExpansion: true,
  },
  fields: {
    aspect_ratio: ratioOr('custom'),
    seed,
    // The only value the page names.
    resolution: choice(['2K'], '2K'),
    use_pre_llm: switchedOn,
    width: side(512, 3024),
    height: side(512, 3024),
  },
  toWire: (request) => ({
    ...toFirstShape(request),
    resolution: request.shape.kind === 'ratio' ? request.shape.resolution : undefined,
    seed: request.seed,
    use_pre_llm: request.promptExpansion,
  }),
  check: sidesNeed('aspect_ratio'),
});

const laterFields = {
  aspect_ratio: ratioOr('match_input_image'),
  width: side(1024, 4096),
  height: side(1024, 4096),
};

const seedream4 = family({
  models: [row('seedream-4', credits(3))],
  maxPrompt,
  latency,
  accepts: {
    geometry: { pixels: { min: 1024, max: 4096 }, ratios: 'any', resolutions: ['1K', '2K', '4K'] },
    images: { min: 0, max: 10 },
    promptExpansion: true,
  },
  fields: {
    ...laterFields,
    size: choice(['1K', '2K', '4K', 'custom'], '2K'),
    image_input: images(10),
    enhance_prompt: switchedOn,
  },
  toWire: (request) => ({ ...toLaterShape(request), enhance_prompt: request.promptExpansion }),
  toDefaults: matchInput,
  check: sidesNeed('size'),
});

const seedream45 = family({
  models: [row('seedream-4.5', credits(4))],
  maxPrompt,
  latency,
  accepts: {
    geometry: { pixels: { min: 1024, max: 4096 }, ratios: 'any', resolutions: ['2K', '4K'] },
    images: { min: 0, max: 14 },
  },
  fields: { ...laterFields, size: choice(['2K', '4K', 'custom'], '2K'), image_input: images(14) },
  toWire: toLaterShape,
  toDefaults: matchInput,
  check: sidesNeed('size'),
});

const seedream5Lite = family({
  models: [row('seedream-5-lite', credits(4))],
  maxPrompt,
  latency,
  accepts: {
    geometry: { ratios: 'any', resolutions: ['2K', '3K'], known: { '2K': { '1:1': [2048, 2048] } } },
    images: { min: 0, max: 14 },
    outputFormats: ['png', 'jpeg'],
  },
  fields: {
    aspect_ratio: ratioOr('match_input_image'),
    size: choice(['2K', '3K'], '2K'),
    image_input: images(14),
    output_format: choice(['png', 'jpg'], 'png'),
  },
  toWire: (request) => ({
    ...toLaterShape(request),
    output_format: request.outputFormat === 'jpeg' ? 'jpg' : request.outputFormat,
  }),
  toDefaults: matchInput,
});

/** Its page was not seen: nothing but the prompt and reference pictures is vouched for. */
const seedream5Pro = family({
  models: [row('seedream-5-pro')],
  maxPrompt,
  latency,
  accepts: { images: { min: 0, max: 10 } },
  fields: { image_input: images(10) },
  toWire: ({ images }) => ({ image_input: images.length ? images : undefined }),
});

/** The Seedream line. To add a model, add a row or a family. */
export const families = [seedream3, seedream31, seedream4, seedream45, seedream5Lite, seedream5Pro];

/** A model that is in no table: `providerOptions.apiframe` is its `…Params` object, by its own name. */
export const generic: Family = { models: [], accepts: {}, fields: 'any', toWire: () => ({}) };
