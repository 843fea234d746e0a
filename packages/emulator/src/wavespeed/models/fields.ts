import { type Field, type Fields, flag, integer, oneOf, preset, text, uris } from '../../schema/field.ts';

export const prompt: Fields = { prompt: text };
export const seed: Fields = { seed: preset(integer(-1, 2147483647), -1) };
export const expansion: Fields = { enable_prompt_expansion: preset(flag, true) };
export const base64: Fields = { enable_base64_output: preset(flag, false) };
export const sync: Fields = { enable_sync_mode: preset(flag, false) };
export const both: Fields = { ...base64, ...sync };

/** `W*H`; the limits are those of one side. */
export const size = (minimum: number, maximum: number, fallback?: string): Fields => {
  const field: Field = { type: 'string', minimum, maximum };
  return { size: fallback === undefined ? field : preset(field, fallback) };
};

// A data URI and naked base64 are as good as an address here, so the form is not checked.
export const image: Fields = { image: text };
export const images: Fields = { images: { ...uris(10), items: text, minItems: 1 } };

export const maxImages: Fields = { max_images: preset(integer(1, 15), 1) };
export const numImages: Fields = { num_images: preset(integer(1, 4), 1) };
export const strength: Fields = { strength: { type: 'number', minimum: 0, maximum: 1, default: 0.8 } };

export const formats = (...names: readonly string[]): Fields => ({ output_format: oneOf(...names) });
export const formatsOr = (fallback: string, ...names: readonly string[]): Fields => ({
  output_format: preset(oneOf(...names), fallback),
});

const ratios = '1:1 1:2 2:1 1:3 3:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 9:21 21:9'.split(' ');

export const aspectRatio: Fields = { aspect_ratio: oneOf(...ratios) };
export const aspectRatioOrSquare: Fields = { aspect_ratio: preset(oneOf(...ratios), '1:1') };
export const resolution: Fields = { resolution: preset(oneOf('1k', '1.5k', '2k'), '1k') };
export const optimization: Fields = { prompt_optimization_mode: oneOf('standard', 'fast') };
