import type { Fields } from '../../schema/field.ts';
import { oneOf, preset } from '../../schema/field.ts';
import type { Inputs, WavespeedModel } from '../models.ts';
import * as f from './fields.ts';

const perImage = (price: number) => (inputs: Inputs) => price * Number(inputs.max_images ?? 1);

/** Text to picture, editing, and both as a sequence: the four shapes of v4, v4.5 and v5 lite. */
function fourShapes(
  id: string,
  price: number,
  sized: Fields,
  more: Fields = {},
  limits: Pick<WavespeedModel, 'area'> = {},
): WavespeedModel[] {
  const plain = { ...f.prompt, ...sized, ...more, ...f.both };
  const edit = { ...f.prompt, ...f.images, ...f.size(512, 8192), ...more, ...f.both };
  const required = ['prompt', 'images'];
  const sequence = { basePrice: price, price: perImage(price) };
  return [
    { id, fields: plain, required: ['prompt'], basePrice: price, ...limits },
    { id: `${id}/edit`, fields: edit, required, basePrice: price },
    { id: `${id}/sequential`, fields: { ...plain, ...f.maxImages }, required: ['prompt'], ...sequence, ...limits },
    { id: `${id}/edit-sequential`, fields: { ...edit, ...f.maxImages }, required, ...sequence },
  ];
}

interface RatioShape {
  readonly basePrice: number;
  readonly price?: (inputs: Inputs) => number;
  readonly layered: number;
  readonly more: Fields;
  readonly format?: 'png';
}

/** Picture size by ratio and resolution: the three shapes of v5 pro, v5 flash and v5.5. */
function ratioShapes(id: string, { layered, more, ...rest }: RatioShape): WavespeedModel[] {
  const common = { ...f.resolution, ...more };
  const layers = { ...f.image, ...f.prompt, ...common };
  return [
    { id, fields: { ...f.prompt, ...f.aspectRatioOrSquare, ...common, ...f.both }, required: ['prompt'], ...rest },
    {
      id: `${id}/edit`,
      fields: { ...f.prompt, ...f.images, ...f.aspectRatio, ...common, ...f.both },
      required: ['prompt', 'images'],
      ...rest,
    },
    {
      id: `${id}/layer-decomposition`,
      fields: layers,
      required: ['image'],
      basePrice: layered,
      format: 'png',
      layers: 2,
    },
  ];
}

const dearerAt2k = (inputs: Inputs) => (inputs.resolution === '2k' ? 0.09 : 0.045);
const jpegOrPng = f.formatsOr('jpeg', 'jpeg', 'png');

/** The price of v5.5 is not published: that of v5 pro stands in. */
export const seedreamModels: readonly WavespeedModel[] = [
  ...fourShapes('bytedance/seedream-v4', 0.027, f.size(512, 8192, '2048*2048')),
  ...fourShapes('bytedance/seedream-v4.5', 0.04, f.size(512, 8192, '2048*2048')),
  ...fourShapes('bytedance/seedream-v5.0-lite', 0.035, f.size(1440, 8192, '2048*2048'), f.formats('jpeg', 'png'), {
    area: [2560 * 1440, 4096 * 4096],
  }),
  ...ratioShapes('bytedance/seedream-v5.0-pro', {
    basePrice: 0.045,
    price: dearerAt2k,
    layered: 0.75,
    more: { ...jpegOrPng, ...f.optimization },
  }),
  ...ratioShapes('bytedance/seedream-v5.0-flash', { basePrice: 0.027, layered: 0.459, more: jpegOrPng }),
  ...ratioShapes('bytedance/seedream-v5.5', {
    basePrice: 0.045,
    price: dearerAt2k,
    layered: 0.75,
    more: {
      ...f.formatsOr('png', 'png', 'jpeg'),
      background: preset(oneOf('auto', 'transparent', 'opaque'), 'auto'),
    },
    format: 'png',
  }),
];
