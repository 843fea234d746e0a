// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it
import type { Row, Shape } from '../catalogue/index.ts';

/** What the list of the host says of the models in `families.ts`, which follow its pages. */
export const byHand: readonly (Shape & { readonly models: readonly Row[] })[] = [
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      image: { type: 'text' },
      prompt: { type: 'text' },
      seed: { type: 'integer', default: -1 },
      size: { type: 'size', min: 512, max: 2048, default: '1328*1328' },
    },
    required: ['image', 'prompt'],
    models: [
      ['bytedance/dreamina-v3.0/edit', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_prompt_expansion: { type: 'boolean', default: true },
      enable_sync_mode: { type: 'boolean', default: false },
      prompt: { type: 'text' },
      seed: { type: 'integer', default: -1 },
      size: { type: 'size', min: 512, max: 2048, default: '1328*1328' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/dreamina-v3.0/text-to-image', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['bytedance/dreamina-v3.1/text-to-image', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      guidance_scale: { type: 'number', min: 0, max: 1, default: 0.5 },
      image: { type: 'text' },
      prompt: { type: 'text' },
      seed: { type: 'integer', default: -1 },
    },
    required: ['image', 'prompt'],
    models: [
      ['bytedance/seededit-v3', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      guidance_scale: { type: 'number', min: 0, max: 20, default: 2.5 },
      prompt: { type: 'text', min: 1 },
      seed: { type: 'integer', default: -1 },
      size: { type: 'size', min: 512, max: 2048, default: '1024*1024' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v3', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_prompt_expansion: { type: 'boolean', default: true },
      prompt: { type: 'text' },
      seed: { type: 'integer', default: -1 },
      size: { type: 'size', min: 512, max: 2048, default: '1024*1024' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v3.1', 0.027, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      prompt: { type: 'text' },
      size: { type: 'size', min: 512, max: 8192, default: '2048*2048' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v4', 0.027],
      ['bytedance/seedream-v4.5', 0.04],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      images: { type: 'urls', min: 1, max: 10 },
      prompt: { type: 'text', min: 1 },
      size: { type: 'size', min: 512, max: 8192 },
    },
    required: ['images', 'prompt'],
    models: [
      ['bytedance/seedream-v4.5/edit', 0.04],
      ['bytedance/seedream-v4/edit', 0.027],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      images: { type: 'urls', min: 1, max: 10 },
      max_images: { type: 'integer', min: 1, max: 15, default: 1 },
      prompt: { type: 'text' },
      size: { type: 'size', min: 512, max: 8192 },
    },
    required: ['images', 'prompt'],
    models: [
      ['bytedance/seedream-v4.5/edit-sequential', 0.04],
      ['bytedance/seedream-v4/edit-sequential', 0.027],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      max_images: { type: 'integer', min: 1, max: 15, default: 1 },
      prompt: { type: 'text' },
      size: { type: 'size', min: 512, max: 8192, default: '2048*2048' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v4.5/sequential', 0.04],
      ['bytedance/seedream-v4/sequential', 0.027],
    ],
  },
  {
    fields: {
      aspect_ratio: { type: 'choice', values: ['3:1', '21:9', '2:1', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '1:2', '9:21', '1:3'], default: '1:1' },
      output_format: { type: 'choice', values: ['jpeg', 'png'], default: 'jpeg' },
      prompt: { type: 'text' },
      resolution: { type: 'choice', values: ['1k', '1.5k', '2k'], default: '1k' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v5.0-flash', 0.027],
    ],
  },
  {
    fields: {
      prompt: { type: 'text' },
    },
    required: [],
    models: [
      ['bytedance/seedream-v5.0-flash/edit', 0.027],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      output_format: { type: 'choice', values: ['jpeg', 'png'] },
      prompt: { type: 'text' },
      size: { type: 'size', min: 1440, max: 8192, minArea: 3686400, maxArea: 16777216, default: '2048*2048' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v5.0-lite', 0.035],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      images: { type: 'urls', min: 1, max: 10 },
      output_format: { type: 'choice', values: ['jpeg', 'png'] },
      prompt: { type: 'text', min: 1 },
      size: { type: 'size', min: 512, max: 8192 },
    },
    required: ['images', 'prompt'],
    models: [
      ['bytedance/seedream-v5.0-lite/edit', 0.035],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      images: { type: 'urls', min: 1, max: 10 },
      max_images: { type: 'integer', min: 1, max: 15, default: 1 },
      output_format: { type: 'choice', values: ['jpeg', 'png'] },
      prompt: { type: 'text' },
      size: { type: 'size', min: 512, max: 8192 },
    },
    required: ['images', 'prompt'],
    models: [
      ['bytedance/seedream-v5.0-lite/edit-sequential', 0.035],
    ],
  },
  {
    fields: {
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      max_images: { type: 'integer', min: 1, max: 15, default: 1 },
      output_format: { type: 'choice', values: ['jpeg', 'png'] },
      prompt: { type: 'text' },
      size: { type: 'size', min: 1440, max: 8192, minArea: 3686400, maxArea: 16777216, default: '2048*2048' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v5.0-lite/sequential', 0.035],
    ],
  },
  {
    fields: {
      aspect_ratio: { type: 'choice', values: ['3:1', '21:9', '2:1', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '1:2', '9:21', '1:3'], default: '1:1' },
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      output_format: { type: 'choice', values: ['jpeg', 'png'], default: 'jpeg' },
      prompt: { type: 'text' },
      prompt_optimization_mode: { type: 'choice', values: ['standard', 'fast'], default: 'standard' },
      resolution: { type: 'choice', values: ['1k', '1.5k', '2k'], default: '1k' },
    },
    required: ['prompt'],
    models: [
      ['bytedance/seedream-v5.0-pro', 0.045],
    ],
  },
  {
    fields: {
      aspect_ratio: { type: 'choice', values: ['3:1', '21:9', '2:1', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '1:2', '9:21', '1:3'] },
      enable_base64_output: { type: 'boolean', default: false },
      enable_sync_mode: { type: 'boolean', default: false },
      images: { type: 'urls', max: 10 },
      output_format: { type: 'choice', values: ['jpeg', 'png'], default: 'jpeg' },
      prompt: { type: 'text' },
      prompt_optimization_mode: { type: 'choice', values: ['standard', 'fast'], default: 'standard' },
      resolution: { type: 'choice', values: ['1k', '1.5k', '2k'], default: '1k' },
    },
    required: ['images', 'prompt'],
    models: [
      ['bytedance/seedream-v5.0-pro/edit', 0.045],
    ],
  },
];
