import type { Accepts, FieldSpec, OutputFormat, Resolution, ResolvedRequest } from '@imageport/core';

export type Fields = Readonly<Record<string, FieldSpec>>;

/** Fields that nearly every model here has. */
export const answerFields = {
  enable_base64_output: { type: 'boolean', default: false },
  enable_sync_mode: { type: 'boolean', default: false },
} as const satisfies Fields;

/** -1 lets the host draw one; it can be given in `providerOptions` only. */
export const seed: FieldSpec = { type: 'integer', min: -1, max: 2_147_483_647, default: -1 };

/** The page describes sync mode under this name, by mistake: the flag expands the prompt. */
export const expansion: FieldSpec = { type: 'boolean', default: true };

/** What a field that holds a picture takes. Of base64 only the beginning is read: a picture can be large. */
export const onePicture = {
  pattern: /^(https?:\/\/\S|data:\S|[\w+/-]{64})/i,
  hint: 'a URL or base64',
} as const;
export const oneImage: FieldSpec = { type: 'text', ...onePicture };
export const images: FieldSpec = { type: 'urls', pattern: onePicture.pattern, max: 10 };
export const count: FieldSpec = { type: 'integer', min: 1, max: 15, default: 1 };

/** "W*H" in pixels. Left out `byDefault`: the host follows the reference picture. */
export const sized = (min: number, max: number, byDefault?: string): FieldSpec => ({
  type: 'size',
  min,
  max,
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

export const choice = (values: readonly string[], byDefault?: string): FieldSpec => ({
  type: 'choice',
  values,
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

const resolutions: Readonly<Record<string, Resolution>> = { '1k': '1K', '1.5k': '1.5K', '2k': '2K' };
const formats: readonly OutputFormat[] = ['png', 'jpeg', 'webp'];

/** The neutral options of a model follow from its fields, because this host names them alike everywhere. */
export function toAccepts(fields: Fields, area?: number): Accepts {
  const { size, aspect_ratio: ratio, resolution, output_format: format, images: several } = fields;
  return {
    geometry: {
      ...(size?.type === 'size' ? { pixels: size } : {}),
      ...(area === undefined ? {} : { area }),
      ...(ratio?.type === 'choice' ? { ratios: ratio.values.map(String) } : {}),
      ...(resolution?.type === 'choice'
        ? { resolutions: resolution.values.flatMap((k) => resolutions[String(k)] ?? []) }
        : {}),
    },
    seed: 'seed' in fields,
    promptExpansion: 'enable_prompt_expansion' in fields,
    sync: 'enable_sync_mode' in fields,
    base64: 'enable_base64_output' in fields,
    ...('image' in fields ? { images: { min: 1, max: 1 } } : {}),
    ...(several?.type === 'urls' ? { images: { min: 1, max: several.max ?? 1 } } : {}),
    ...(format?.type === 'choice' ? { outputFormats: formats.filter((name) => format.values.includes(name)) } : {}),
  };
}

/** Neutral options in this host's words; what the model does not take never gets here. */
export const toWire = ({ shape, seed, promptExpansion, base64, sync, outputFormat, images }: ResolvedRequest) => ({
  size: shape.kind === 'pixels' ? `${shape.width}*${shape.height}` : undefined,
  aspect_ratio: shape.kind === 'ratio' ? shape.ratio : undefined,
  resolution: shape.kind === 'ratio' ? shape.resolution?.toLowerCase() : undefined,
  images: images.length > 0 ? images : undefined,
  seed,
  enable_prompt_expansion: promptExpansion,
  enable_base64_output: base64,
  enable_sync_mode: sync,
  output_format: outputFormat,
});

/** The same for the models that edit one picture. */
export const toWireOfOne = (request: ResolvedRequest) => ({
  ...toWire({ ...request, images: [] }),
  image: request.images[0],
});
