import { flag, integer, number, oneOf, text, uris, whole } from '../../schema/field.ts';
import type { Family } from '../families.ts';

/** One schema for all six, although each page lists fewer fields. The credits of 5-pro are not published. */
export const seedreamFamily: Family = {
  params: 'seedreamParams',
  models: {
    'seedream-3': 3,
    'seedream-3.1': 3,
    'seedream-4': 3,
    'seedream-4.5': 4,
    'seedream-5-lite': 4,
    'seedream-5-pro': 6,
  },
  fields: {
    aspect_ratio: text,
    size: text,
    resolution: text,
    width: integer(512, 4096),
    height: integer(512, 4096),
    image_input: uris(14),
    seed: whole,
    guidance_scale: number(1, 10),
    use_pre_llm: flag,
    enhance_prompt: flag,
    output_format: oneOf('jpg', 'png'),
  },
  side: {
    'seedream-3.1': 2048,
    'seedream-4': 2048,
    'seedream-4.5': 2048,
    'seedream-5-lite': 2048,
    'seedream-5-pro': 2048,
  },
};
