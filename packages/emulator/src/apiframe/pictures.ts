import { type PictureRequest, toFormat } from '../picture/request.ts';
import { areaSize, tierSide } from '../picture/size.ts';
import { hash } from '../random.ts';
import { countOf } from './families.ts';
import type { GenerateRequest } from './validate.ts';

export function toPictures(request: GenerateRequest, jobId: string): PictureRequest {
  const { family, model, params, prompt } = request;
  const seed = Number(params.seed ?? -1);
  return {
    model,
    prompt,
    seed: seed < 0 ? hash(jobId) : seed,
    count: countOf(family, params),
    format: toFormat(params.output_format, family.format ?? 'png'),
    size: pictureSize(request),
    ...(model === 'midjourney' ? { grid: true } : {}),
  };
}

function pictureSize({ family, model, params }: GenerateRequest): PictureRequest['size'] {
  const { aspect_ratio: ratio, width, height, image_size: named } = params;
  // Seedream heeds width and height only where something says custom; Flux always.
  const custom = ratio === 'custom' || params.size === 'custom' || family.params === 'fluxParams';
  if (custom && typeof width === 'number' && typeof height === 'number') return { width, height };
  const size = typeof named === 'string' ? family.sizes?.[named] : undefined;
  if (size) return size;
  const [like] = [params.image_input, params.input_images].filter(Array.isArray).flat();
  const matches = ratio === 'match_input_image' || params.resolution === 'match_input_image';
  if (matches && typeof like === 'string') return { like };
  const tier = tierSide(params.size) ?? tierSide(params.resolution) ?? tierSide(named);
  return areaSize(tier ?? family.side?.[model] ?? 1024, ratio);
}
