import type { WavespeedModel } from '../models.ts';
import { base64, both, expansion, image, prompt, seed, size } from './fields.ts';

const textToImage = { ...prompt, ...size(512, 2048, '1328*1328'), ...seed, ...expansion, ...both };
const guidance = (minimum: number, maximum: number, fallback: number) => ({
  guidance_scale: { type: 'number', minimum, maximum, default: fallback } as const,
});

/** The v3 family. The prices of seedream-v3.1 and seededit-v3 are not published; their sisters' stands in. */
export const dreaminaModels: readonly WavespeedModel[] = [
  { id: 'bytedance/dreamina-v3.1/text-to-image', fields: textToImage, required: ['prompt'], basePrice: 0.027 },
  { id: 'bytedance/dreamina-v3.0/text-to-image', fields: textToImage, required: ['prompt'], basePrice: 0.027 },
  {
    id: 'bytedance/dreamina-v3.0/edit',
    fields: { ...prompt, ...image, ...size(512, 2048, '1328*1328'), ...seed, ...both },
    required: ['prompt', 'image'],
    basePrice: 0.027,
  },
  {
    id: 'bytedance/seedream-v3.1',
    fields: { ...prompt, ...size(512, 2048, '1024*1024'), ...seed, ...expansion, ...base64 },
    required: ['prompt'],
    basePrice: 0.027,
  },
  {
    id: 'bytedance/seedream-v3',
    fields: { ...prompt, ...size(512, 2048, '1024*1024'), ...guidance(1, 10, 2.5), ...seed, ...both },
    required: ['prompt'],
    basePrice: 0.027,
  },
  {
    id: 'bytedance/seededit-v3',
    fields: { ...prompt, ...image, ...guidance(0, 1, 0.5), ...seed, ...both },
    required: ['prompt', 'image'],
    basePrice: 0.027,
  },
];
