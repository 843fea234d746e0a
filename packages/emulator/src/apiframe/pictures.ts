import { countOf, extentOf, type Fields, referenceOf } from '../picture/extent.ts';
import { type Format, hasAlpha, type PictureRequest, type SizeLike, toFormat } from '../picture/request.ts';
import { hash } from '../random.ts';
import type { ApiframeRequest } from './validate.ts';

/** The side of the square where nothing says how large. */
const sides: Readonly<Record<string, number>> = {
  'seedream-3.1': 2048,
  'seedream-4': 2048,
  'seedream-4.5': 2048,
  'seedream-5-lite': 2048,
  'seedream-5-pro': 2048,
};

const formats: Readonly<Record<string, Format>> = {
  imagenParams: 'jpeg',
  gptImageParams: 'webp',
  gptImage2Params: 'webp',
};

export function toPictures({ model, params, prompt }: ApiframeRequest, jobId: string): PictureRequest {
  const grid = model.id === 'midjourney';
  const format = toFormat(params.output_format ?? params.format, formats[model.params ?? ''] ?? 'png');
  const transparent = hasAlpha(format) && isTransparent(model.action === 'background-remove', params);
  const seed = Number(params.seed ?? -1);
  const side = sides[model.id];
  const rules = {
    ...(side === undefined ? {} : { side }),
    sides: model.params === 'fluxParams',
    enlarges: model.action === 'upscale',
  };
  return {
    model: model.id,
    prompt,
    seed: seed < 0 ? hash(jobId) : seed,
    count: grid ? 4 : countOf(params),
    format,
    size: outpainted(params) ?? extentOf(params, rules),
    ...(grid ? { grid } : {}),
    ...(transparent ? { transparent } : {}),
  };
}

function isTransparent(removes: boolean, { background, background_type: kind = 'rgba' }: Fields): boolean {
  return removes ? kind === 'rgba' : background === 'transparent';
}

const wider = { times: { width: 1.5, height: 1 } };
const higher = { times: { width: 1, height: 1.5 } };

/** What an outpaint makes of the picture's size. */
const outpaints: Readonly<Record<string, Pick<SizeLike, 'times' | 'square'>>> = {
  'Zoom out 1.5x': { times: { width: 1.5, height: 1.5 } },
  'Zoom out 2x': { times: { width: 2, height: 2 } },
  'Make square': { square: true },
  'Left outpaint': wider,
  'Right outpaint': wider,
  'Top outpaint': higher,
  'Bottom outpaint': higher,
};

function outpainted(params: Fields): SizeLike | undefined {
  const change = params.mode === 'outpaint' ? outpaints[String(params.outpaint)] : undefined;
  const like = referenceOf(params);
  return change && like !== undefined ? { like, otherwise: 1024, ...change } : undefined;
}
