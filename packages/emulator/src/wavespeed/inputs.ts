import { type PictureRequest, type Size, toFormat } from '../picture/request.ts';
import { areaSize, tierSide } from '../picture/size.ts';
import { hash } from '../random.ts';
import { complaint } from '../schema/check.ts';
import type { Inputs, WavespeedModel } from './models.ts';

/** What a model makes of a body: its declared fields with their defaults, or the reason for a 400. */
export function readInputs(model: WavespeedModel, body: Inputs): { inputs: Inputs } | { problem: string } {
  const inputs: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(model.fields)) {
    const value = body[name] ?? undefined;
    if (value === undefined || value === '') {
      if (model.required.includes(name)) return { problem: `property "${name}" is missing` };
      inputs[name] = field.default;
      continue;
    }
    const problem = complaint(field, value);
    if (problem !== undefined) return { problem: `invalid value for "${name}": ${problem}` };
    inputs[name] = name === 'size' && !parseSize(model, String(value)) ? field.default : value;
  }
  // A field the model does not declare is gone from here on, and nobody is told.
  return { inputs };
}

/** The pixels of `W*H`, or undefined when it is malformed or outside the limits of the model. */
function parseSize({ fields, area = [0, Infinity] }: WavespeedModel, size: string): Size | undefined {
  const { minimum = 1, maximum = Infinity } = fields.size ?? {};
  const [, width = 0, height = 0] = /^(\d+)\*(\d+)$/.exec(size)?.map(Number) ?? [];
  const fits = [width, height].every((side) => side >= minimum && side <= maximum);
  const pixels = width * height;
  return fits && pixels >= area[0] && pixels <= area[1] ? { width, height } : undefined;
}

export function toPictures(model: WavespeedModel, inputs: Inputs, jobId: string): PictureRequest {
  const seed = Number(inputs.seed ?? -1);
  return {
    model: model.id,
    prompt: String(inputs.prompt ?? ''),
    seed: seed < 0 ? hash(jobId) : seed,
    count: Number(inputs.max_images ?? inputs.num_images ?? 1 + (model.layers ?? 0)),
    format: toFormat(inputs.output_format, model.format ?? 'jpeg'),
    size: pictureSize(model, inputs),
  };
}

function pictureSize(model: WavespeedModel, inputs: Inputs): PictureRequest['size'] {
  const pixels = typeof inputs.size === 'string' ? parseSize(model, inputs.size) : undefined;
  if (pixels) return pixels;
  if (inputs.aspect_ratio !== undefined) return areaSize(tierSide(inputs.resolution) ?? 1024, inputs.aspect_ratio);
  const [first] = Array.isArray(inputs.images) ? inputs.images : [inputs.image];
  if (typeof first === 'string') return { like: first };
  return { width: 2048, height: 2048 };
}
