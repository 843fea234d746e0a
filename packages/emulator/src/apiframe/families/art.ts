import { type Fields, flag, integer, number, oneOf, text, upTo, uri, uris, whole } from '../../schema/field.ts';
import type { Family } from '../families.ts';

const ratio = { type: 'string', pattern: '^\\d+:\\d+$' } as const;

const flux = (resolution: Fields[string]): Fields => ({
  aspect_ratio: ratio,
  width: integer(256, 2048),
  height: integer(256, 2048),
  resolution,
  input_images: uris(10),
  image_prompt: uri,
  image_prompt_strength: number(0, 1),
  raw: flag,
  seed: whole,
  steps: integer(1, 50),
  guidance: number(1.5, 10),
  go_fast: flag,
  prompt_upsampling: flag,
  output_format: oneOf('jpg', 'png', 'webp'),
  output_quality: integer(0, 100),
});

const ideogram: Fields = {
  aspect_ratio: text,
  resolution: text,
  seed: whole,
  style_type: text,
  style_preset: text,
  style_reference_images: uris(3),
  magic_prompt_option: oneOf('Auto', 'On', 'Off'),
  rendering_speed: oneOf('default', 'turbo', 'quality'),
  negative_prompt: text,
  image: uri,
  mask: uri,
  character_reference_image: uri,
};

/** Credits that no page names are guesses near those of a sister model. */
export const artFamilies: readonly Family[] = [
  { params: 'midjourneyParams', models: { midjourney: 10 }, fields: { aspect_ratio: ratio }, always: 4 },
  {
    params: 'fluxParams',
    models: { 'flux-1.1-pro': 5, 'flux-1.1-pro-ultra': 8, 'flux-2-dev': 2 },
    fields: flux(text),
  },
  {
    params: 'fluxParams',
    models: { 'flux-2-pro': 4, 'flux-2-flex': 6, 'flux-2-max': 8 },
    fields: flux(oneOf('0.5MP', '1MP', '2MP', '4MP', 'match_input_image')),
  },
  {
    params: 'fluxLoraParams',
    models: { 'flux-lora': 4 },
    fields: {
      loraId: { type: 'string', format: 'uuid' },
      aspect_ratio: oneOf('1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'),
      guidance_scale: number(1, 10),
      lora_strength: number(0, 1.5),
      num_inference_steps: integer(4, 50),
      num_outputs: integer(1, 4),
      output_format: oneOf('png', 'jpg', 'webp'),
      seed: whole,
    },
    required: ['loraId'],
    count: 'num_outputs',
  },
  {
    params: 'ideogramParams',
    models: {
      'ideogram-v2': 5,
      'ideogram-v2-turbo': 4,
      'ideogram-v2a': 4,
      'ideogram-v2a-turbo': 3,
      'ideogram-v3-balanced': 5,
      'ideogram-v3-turbo': 3,
      'ideogram-v3-quality': 8,
      'ideogram-v4-balanced': 6,
      'ideogram-v4-turbo': 4,
      'ideogram-v4-quality': 9,
    },
    fields: ideogram,
  },
  {
    params: 'ideogramParams',
    models: { 'ideogram-character': 12 },
    fields: ideogram,
    required: ['character_reference_image'],
  },
  {
    params: 'stableDiffusionParams',
    models: {
      'stable-diffusion-3': 4,
      'stable-diffusion-3.5-medium': 4,
      'stable-diffusion-3.5-large': 7,
      'stable-diffusion-3.5-large-turbo': 4,
    },
    fields: {
      aspect_ratio: oneOf('1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '9:16', '9:21'),
      cfg: number(0, 20),
      steps: integer(1, 40),
      image: uri,
      prompt_strength: number(0, 1),
      negative_prompt: upTo(2000),
      seed: whole,
      output_format: oneOf('webp', 'jpg', 'png'),
      output_quality: integer(0, 100),
    },
  },
];
