import type { WavespeedModel } from '../catalogue/document.ts';
import { countOf, extentOf } from '../picture/extent.ts';
import { type Format, type PictureRequest, toFormat } from '../picture/request.ts';
import { hash } from '../random.ts';
import type { Inputs } from './catalogue.ts';

export function toPictures(model: WavespeedModel, inputs: Inputs, jobId: string): PictureRequest {
  const seed = Number(inputs.seed ?? -1);
  const transparent = isTransparent(model, inputs);
  const { side } = model;
  return {
    model: model.id,
    prompt: String(inputs.prompt ?? ''),
    seed: seed < 0 ? hash(jobId) : seed,
    count: countOf(inputs, model.outputs),
    format: toFormat(inputs.output_format, transparent ? 'png' : formatOf(model)),
    size: extentOf(inputs, { ...(side === undefined ? {} : { side }), enlarges: model.type === 'upscaler' }),
    ...(transparent ? { transparent } : {}),
  };
}

const formatOf = ({ id }: WavespeedModel): Format => {
  if (/-svg$|to-vector$/.test(id)) return 'svg';
  return /layered$/.test(id) ? 'png' : 'jpeg';
};

const removers = /\/remove-background$|background-remover$|feynobg$|generate-transparent$/;

function isTransparent({ id }: WavespeedModel, { background, transparency }: Inputs): boolean {
  return removers.test(id) || background === 'transparent' || transparency === true;
}
