// biome-ignore-all format: written by catalogue/generate.ts, from recorded.json and overrides.ts beside it
import type { Group } from './index.ts';

/** The day of the newest copy of the host's list. */
export const asOf = '2026-10-02';

/** Fields, and the models that have them: id, base price in USD and what else there is to say. */
export const groups: readonly Group[] = [
  {
    fields: 'enable_base64_output image! source_image! target_image! face_enhance',
    models: [
      ['akool/image-face-swap', 0.16, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt',
    partly: true,
    untold: true,
    models: [
      ['alibaba/qwen-image-3.0-pro/edit', 0.04],
      ['alibaba/qwen-image-3.0/edit', 0.03],
      ['bria/fibo-edit-1.5/edit', 0.04],
      ['bria/product-dimensions', 0.04],
      ['bria/product-holding', 0.04],
      ['bria/virtual-try-on', 0.04],
      ['bytedance/seedream-v5.0-flash/layer-decomposition', 0.459],
      ['google/nano-banana-2-lite/edit', 0.04],
      ['ideogram-ai/ideogram-v4.5/edit', 0.06],
      ['meta/muse-image/edit', 0.011],
      ['microsoft/mai-image-2.5-pro/edit', 0.29],
      ['openai/gpt-image-2.5-flare/edit', 0.039],
      ['openai/gpt-image-2.5-sunburst/edit', 0.039],
      ['wavespeed-ai/anima/text-to-image-lora', 0.015],
      ['wavespeed-ai/boogu-image/edit', 0.06],
      ['wavespeed-ai/depth-anything-v3/image', 0.005],
      ['wavespeed-ai/depth-anything/image', 0.005],
      ['wavespeed-ai/krea-v2/turbo-lora', 0.018],
      ['wavespeed-ai/minimax-h3/image-edit', 0.03],
      ['wavespeed-ai/minimax-h3/image-edit-lora', 0.03],
      ['wavespeed-ai/minimax-h3/text-to-image-lora', 0.02],
      ['wavespeed-ai/qwen-image-2.1/edit', 0.03],
      ['wavespeed-ai/qwen-image-2.1/edit-lora', 0.035],
      ['wavespeed-ai/qwen-image-2.1/text-to-image-lora', 0.025],
    ],
  },
  {
    fields: 'prompt! seed:1 aspect_ratio:3 resolution enable_prompt_expansion:1',
    partly: true,
    models: [
      ['alibaba/qwen-image-3.0-pro/text-to-image', 0.04, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
      ['alibaba/qwen-image-3.0/text-to-image', 0.03, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
    ],
  },
  {
    fields: 'image! domain_hint sensitives skip_image_segment source_lang target_lang! terminologies',
    models: [
      ['alibaba/qwen-image/translate', 0.012],
    ],
  },
  {
    fields: 'prompt! seed images!:5 negative_prompt',
    models: [
      ['alibaba/wan-2.5/image-edit', 0.035],
    ],
  },
  {
    fields: 'prompt! seed size:3 negative_prompt enable_prompt_expansion',
    models: [
      ['alibaba/wan-2.5/text-to-image', 0.03],
    ],
  },
  {
    fields: 'prompt! seed images! enable_prompt_expansion',
    models: [
      ['alibaba/wan-2.6/image-edit', 0.035, { ids: ['wan-image-2.6'] }],
    ],
  },
  {
    fields: 'prompt! seed size:3 enable_prompt_expansion',
    models: [
      ['alibaba/wan-2.6/text-to-image', 0.03, { ids: ['wan-image-2.6'] }],
    ],
  },
  {
    fields: 'prompt! seed size:6 images!:10',
    models: [
      ['alibaba/wan-2.7/image-edit', 0.03, { ids: ['wan-image-2.7'] }],
      ['alibaba/wan-2.7/image-edit-pro', 0.075, { ids: ['wan-image-2.7-pro'] }],
    ],
  },
  {
    fields: 'prompt! seed size:7 thinking_mode',
    models: [
      ['alibaba/wan-2.7/text-to-image', 0.03, { ids: ['wan-image-2.7'] }],
    ],
  },
  {
    fields: 'prompt! seed size:8 thinking_mode',
    models: [
      ['alibaba/wan-2.7/text-to-image-pro', 0.075, { ids: ['wan-image-2.7-pro'] }],
    ],
  },
  {
    fields: 'enable_base64_output enable_sync_mode seed:1 image! products!',
    models: [
      ['bria/embed-product', 0.04],
    ],
  },
  {
    fields: 'enable_base64_output enable_sync_mode image! mask_image!',
    models: [
      ['bria/eraser', 0.04],
    ],
  },
  {
    fields: 'enable_base64_output enable_sync_mode image! aspect_ratio!:6',
    models: [
      ['bria/expand', 0.04],
    ],
  },
  {
    fields: 'prompt image!',
    partly: true,
    models: [
      ['bria/extract-object', 0.02],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed aspect_ratio:6 negative_prompt structured_prompt',
    models: [
      ['bria/fibo', 0.04],
    ],
  },
  {
    fields: 'prompt! image! mask_image!',
    models: [
      ['bria/fibo-edit/genfill', 0.04],
    ],
  },
  {
    fields: 'prompt!',
    partly: true,
    models: [
      ['bria/fibo-generate-1.5/text-to-image', 0.04],
      ['meta/muse-image/text-to-image', 0.011],
      ['microsoft/mai-image-2.5-pro/text-to-image', 0.18],
      ['pruna-ai/p-image/ideogram', 0.003],
      ['recraft-ai/recraft-v4-style-pro/text-to-image', 0.11],
      ['recraft-ai/recraft-v4-style-pro/text-to-vector', 0.132],
      ['recraft-ai/recraft-v4-style/text-to-image', 0.0385],
      ['recraft-ai/recraft-v4-style/text-to-vector', 0.055],
      ['wavespeed-ai/anima/text-to-image', 0.01],
      ['wavespeed-ai/boogu-image/text-to-image', 0.06],
      ['wavespeed-ai/prefect-pony-xl-lora', 0.02],
    ],
  },
  {
    fields: 'image! style!',
    models: [
      ['bria/fibo/colorize', 0.04],
    ],
  },
  {
    fields: 'prompt enable_base64_output enable_sync_mode seed images!:11 mask_image negative_prompt structured_prompt',
    models: [
      ['bria/fibo/edit', 0.04],
    ],
  },
  {
    fields: 'prompt! image!',
    models: [
      ['bria/fibo/image-blend', 0.04],
      ['wavespeed-ai/joyai-image/edit', 0.3],
      ['x-ai/grok-imagine-image/edit', 0.025, { ids: ['grok-imagine-image'] }],
    ],
  },
  {
    fields: 'image! light_direction light_type!',
    models: [
      ['bria/fibo/relight', 0.04],
    ],
  },
  {
    fields: 'image! season!',
    models: [
      ['bria/fibo/reseason', 0.04],
    ],
  },
  {
    fields: 'image!',
    models: [
      ['bria/fibo/restore', 0.04],
      ['ideogram-ai/ideogram-v3/remove-text', 0.09],
      ['wavespeed-ai/ai-breast-expansion', 0.05],
      ['wavespeed-ai/ai-celebrity-look-alike-finder', 0.05],
      ['wavespeed-ai/ai-fat-filter', 0.05],
      ['wavespeed-ai/ai-gender-swap', 0.05],
      ['wavespeed-ai/ai-girl-filter', 0.05],
      ['wavespeed-ai/ai-photo-colorizer', 0.05],
      ['wavespeed-ai/ai-smile-filter', 0.05],
      ['wavespeed-ai/ghibli-filter/image', 0.05],
      ['wavespeed-ai/image-face-blur', 0.001],
      ['wavespeed-ai/patina/image-to-map', 0.25],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode image!',
    models: [
      ['bria/generate-background', 0.04],
    ],
  },
  {
    fields: 'enable_base64_output enable_sync_mode image! desired_increase',
    task: 'upscale',
    models: [
      ['bria/increase-resolution', 0.04],
    ],
  },
  {
    fields: 'enable_base64_output enable_sync_mode image!',
    task: 'remove-background',
    models: [
      ['bria/remove-background', 0.018, { ids: ['bria-remove-background'] }],
      ['wavespeed-ai/image-background-remover', 0.004],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed aspect_ratio:6 negative_prompt',
    models: [
      ['bria/text-to-image-3.2', 0.04],
    ],
  },
  {
    fields: 'prompt output_format:2 image! resolution:2 prompt_optimization_mode',
    models: [
      ['bytedance/seedream-v5.0-pro/layer-decomposition', 0.75, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
    ],
  },
  {
    fields: 'prompt seed:1 reference_images! sync_model',
    models: [
      ['bytedance/uso', 0.5],
    ],
  },
  {
    fields: 'image! creativity target_megapixels',
    task: 'upscale',
    models: [
      ['clarity-ai/creative-upscaler', 0.05, { price: ['*', 'base_price', ['?', ['<=', 'target_megapixels', 4], 1, ['?', ['<=', 'target_megapixels', 8], 2, ['?', ['<=', 'target_megapixels', 16], 4, ['?', ['<=', 'target_megapixels', 25], 8, ['?', ['<=', 'target_megapixels', 50], 16, 32]]]]]] }],
      ['clarity-ai/flux-upscaler', 0.2, { price: ['*', 'base_price', ['?', ['<=', 'target_megapixels', 4], 1, ['?', ['<=', 'target_megapixels', 8], 2, ['?', ['<=', 'target_megapixels', 16], 3, ['?', ['<=', 'target_megapixels', 25], 6, ['?', ['<=', 'target_megapixels', 50], 12, 16]]]]]] }],
      ['clarity-ai/pro-upscaler', 0.03, { price: ['*', 'base_price', 'target_megapixels'] }],
    ],
  },
  {
    fields: 'image! creativity target_megapixels:1',
    task: 'upscale',
    models: [
      ['clarity-ai/crystal-upscaler', 0.03, { price: ['unknown'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 images!:1',
    models: [
      ['google/gemini-2.5-flash-image-preview/edit', 0.038],
      ['google/nano-banana/edit', 0.038, { ids: ['nano-banana'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1',
    models: [
      ['google/gemini-2.5-flash-image-preview/text-to-image', 0.038],
      ['google/gemini-2.5-flash-image/text-to-image', 0.038],
      ['google/nano-banana/text-to-image', 0.038, { ids: ['nano-banana'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:2 enable_sync_mode aspect_ratio:1 images!:1',
    models: [
      ['google/gemini-2.5-flash-image/edit', 0.038],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 images!:1 resolution:1',
    models: [
      ['google/gemini-3-pro-image/edit', 0.14, { price: ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1, ['?', ['=', 'resolution', '4k'], 1.7142857142857142, 1]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 resolution:1',
    models: [
      ['google/gemini-3-pro-image/text-to-image', 0.14, { price: ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1, ['?', ['=', 'resolution', '4k'], 1.7142857142857142, 1]]] }],
      ['google/nano-banana-pro/text-to-image', 0.14, { ids: ['nano-banana-pro'], price: ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1, ['?', ['=', 'resolution', '4k'], 1.7142857142857142, 1]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed:1 aspect_ratio num_images negative_prompt',
    models: [
      ['google/imagen3', 0.038, { ids: ['imagen-3'], price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['google/imagen3-fast', 0.018, { ids: ['imagen-3-fast'], price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['google/imagen4-fast', 0.018, { ids: ['imagen-4-fast'], price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed:1 aspect_ratio resolution num_images negative_prompt',
    models: [
      ['google/imagen4', 0.038, { ids: ['imagen-4'], price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['google/imagen4-ultra', 0.058, { ids: ['imagen-4-ultra'], price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! output_format:1 aspect_ratio:16',
    partly: true,
    models: [
      ['google/nano-banana-2-lite/text-to-image', 0.04, { ids: ['nano-banana-2-lite'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:4 images!:2 resolution:3 enable_web_search enable_image_search',
    models: [
      ['google/nano-banana-2/edit', 0.07, { ids: ['nano-banana-2'], price: ['+', ['+', ['?', ['=', 'resolution', '0.5k'], 45000, ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1.5, ['?', ['=', 'resolution', '4k'], 2, 1]]]], ['?', 'enable_web_search', 14000, 0]], ['?', 'enable_image_search', 14000, 0]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:4 images!:2 resolution:4 enable_web_search',
    models: [
      ['google/nano-banana-2/edit-fast', 0.045, { price: ['+', ['?', ['=', 'resolution', '4k'], 50000, 'base_price'], ['?', 'enable_web_search', 14000, 0]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:4 resolution:3 enable_web_search enable_image_search',
    models: [
      ['google/nano-banana-2/text-to-image', 0.07, { ids: ['nano-banana-2'], price: ['+', ['+', ['?', ['=', 'resolution', '0.5k'], 45000, ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1.5, ['?', ['=', 'resolution', '4k'], 2, 1]]]], ['?', 'enable_web_search', 14000, 0]], ['?', 'enable_image_search', 14000, 0]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:4 resolution:4 enable_web_search',
    models: [
      ['google/nano-banana-2/text-to-image-fast', 0.045, { price: ['+', ['?', ['=', 'resolution', '4k'], 50000, 'base_price'], ['?', 'enable_web_search', 14000, 0]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 images!:2 resolution:1',
    models: [
      ['google/nano-banana-pro/edit', 0.14, { ids: ['nano-banana-pro'], price: ['*', 'base_price', ['?', ['=', 'resolution', '2k'], 1, ['?', ['=', 'resolution', '4k'], 1.7142857142857142, 1]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:17 images!:2 num_images:2',
    models: [
      ['google/nano-banana-pro/edit-multi', 0.07, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 images!:2 resolution:5',
    models: [
      ['google/nano-banana-pro/edit-ultra', 0.15, { price: ['*', 'base_price', ['?', ['=', 'resolution', '4k'], 1, ['?', ['=', 'resolution', '8k'], 1.2, 1]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio!:18 num_images:2',
    models: [
      ['google/nano-banana-pro/text-to-image-multi', 0.07, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 enable_sync_mode aspect_ratio:1 resolution:5',
    models: [
      ['google/nano-banana-pro/text-to-image-ultra', 0.15, { price: ['*', 'base_price', ['?', ['=', 'resolution', '4k'], 1, ['?', ['=', 'resolution', '8k'], 1.2, 1]]] }],
    ],
  },
  {
    fields: 'prompt! seed:1 image! size!:9 strength:2 quality:2 style:1',
    models: [
      ['higgsfield/soul/image-to-image', 0.09, { price: ['*', 'base_price', ['?', ['=', 'quality', 'medium'], 1, ['?', ['=', 'quality', 'high'], 2.1111111111, 1]]], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output image! aspect_ratio style:2 rendering_speed',
    models: [
      ['ideogram-ai/ideogram-character', 0.15, { ids: ['ideogram-character'], price: ['?', ['=', 'rendering_speed', 'Turbo'], 100000, ['?', ['=', 'rendering_speed', 'Default'], 150000, ['?', ['=', 'rendering_speed', 'Quality'], 200000, 150000]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output image aspect_ratio mask_image style:3',
    whiteMask: true,
    onlyMasked: true,
    models: [
      ['ideogram-ai/ideogram-v2', 0.08, { ids: ['ideogram-v2'] }],
      ['ideogram-ai/ideogram-v2-turbo', 0.05, { ids: ['ideogram-v2-turbo'] }],
      ['ideogram-ai/ideogram-v2a', 0.04, { ids: ['ideogram-v2a'] }],
      ['ideogram-ai/ideogram-v2a-turbo', 0.04, { ids: ['ideogram-v2a-turbo'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output image aspect_ratio mask_image style:4 reference_images:1',
    whiteMask: true,
    onlyMasked: true,
    models: [
      ['ideogram-ai/ideogram-v3-balanced', 0.06, { ids: ['ideogram-v3-balanced'] }],
      ['ideogram-ai/ideogram-v3-quality', 0.09, { ids: ['ideogram-v3-quality'] }],
      ['ideogram-ai/ideogram-v3-turbo', 0.03, { ids: ['ideogram-v3-turbo'] }],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:2 rendering_speed:1',
    models: [
      ['ideogram-ai/ideogram-v3/generate-transparent', 0.06, { price: ['?', ['=', 'rendering_speed', 'flash'], 30000, ['?', ['=', 'rendering_speed', 'turbo'], 30000, ['?', ['=', 'rendering_speed', 'balanced'], 60000, ['?', ['=', 'rendering_speed', 'quality'], 90000, 60000]]]] }],
    ],
  },
  {
    fields: 'prompt! output_format:2 size:4',
    partly: true,
    models: [
      ['ideogram-ai/ideogram-v4', 0.05],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:2 resolution quality enable_prompt_expansion:1',
    partly: true,
    models: [
      ['ideogram-ai/ideogram-v4.5', 0.06, { price: ['?', ['=', 'quality', 'medium'], ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']], ['unknown']] }],
    ],
  },
  {
    fields: 'image!',
    task: 'remove-background',
    models: [
      ['ideogram-ai/remove-background', 0.01],
    ],
  },
  {
    fields: 'enable_base64_output image!',
    models: [
      ['image-effects/acrylic-ornaments', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/american-comic-style', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/angel-figurine', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/cyberpunk', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/exotic-charm', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/felt-keychain', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/in-the-stadium', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['image-effects/lying-in-fluffy-belly', 0.02, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
      ['kwaivgi/kling-v1/ai-multi-shot', 0.07, { gone: { seen: '2026-03-13', by: '2026-06-12' } }],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:19 images!:6 resolution num_images:1',
    models: [
      ['kwaivgi/kling-image-o1', 0.028, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt!:2 output_format:3 aspect_ratio:10 images!:6 resolution:1 num_images:1 shot_type',
    models: [
      ['kwaivgi/kling-image-o3/edit', 0.028, { price: ['*', ['*', 'num_images', 'base_price'], ['?', ['=', 'resolution', '4k'], 2, 1]] }],
    ],
  },
  {
    fields: 'prompt!:2 output_format:3 aspect_ratio:7 resolution:1 num_images:1 shot_type',
    models: [
      ['kwaivgi/kling-image-o3/text-to-image', 0.028, { price: ['*', ['*', 'num_images', 'base_price'], ['?', ['=', 'resolution', '4k'], 2, 1]] }],
    ],
  },
  {
    fields: 'prompt!:2 output_format:3 image! aspect_ratio:7 resolution num_images:1 shot_type',
    models: [
      ['kwaivgi/kling-image-v3/edit', 0.028, { price: ['*', 'num_images', 'base_price'] }],
    ],
  },
  {
    fields: 'prompt!:2 output_format:3 aspect_ratio:7 resolution num_images:1 shot_type',
    models: [
      ['kwaivgi/kling-image-v3/text-to-image', 0.028, { price: ['*', 'num_images', 'base_price'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode aspect_ratio:20',
    models: [
      ['leonardoai/lucid-origin', 0.02, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['leonardoai/phoenix-1.0', 0.038, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output',
    models: [
      ['luma/photon', 0.015],
      ['luma/photon-flash', 0.005],
    ],
  },
  {
    fields: 'prompt! enable_base64_output image!',
    models: [
      ['luma/photon-flash-modify', 0.01],
      ['luma/photon-modify', 0.015],
    ],
  },
  {
    fields: 'prompt! output_format:2 image! reference:1',
    models: [
      ['luma/uni-v1/edit', 0.042, { price: ['+', 'base_price', ['*', 3000, ['+', 1, ['?', ['and', ['given', 'reference'], ['count', 'reference']], ['count', 'reference'], 0]]]] }],
    ],
  },
  {
    fields: 'prompt! output_format:2 size:10 reference:2',
    models: [
      ['luma/uni-v1/text-to-image', 0.042, { price: ['+', 'base_price', ['*', 3000, ['?', ['and', ['given', 'reference'], ['count', 'reference']], ['count', 'reference'], 0]]] }],
    ],
  },
  {
    fields: 'prompt! output_format:3 image! size:11',
    models: [
      ['microsoft/mai-image-2.5/edit', 0.05, { price: ['+', 'base_price', ['*', 100, ['ceil', ['/', ['+', 8192, ['*', ['count', 'prompt'], 10]], 100]]]] }],
    ],
  },
  {
    fields: 'prompt! output_format:3 size:12',
    models: [
      ['microsoft/mai-image-2.5/text-to-image', 0.05, { price: ['+', 'base_price', ['*', 100, ['ceil', ['/', ['*', ['count', 'prompt'], 10], 100]]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed aspect_ratio:8 quality:3 chaos hd niji sref stylize version weird',
    partly: true,
    models: [
      ['midjourney/text-to-image', 0.1, { ids: ['midjourney'], price: ['*', 'base_price', ['?', ['and', ['=', 'version', '8.1'], 'hd'], 1.5, 1]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed:1 image! size:13 num_images:1 prompt_optimizer',
    models: [
      ['minimax/image-01/image-to-image', 0.0035, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed:1 size:14 num_images:1 prompt_optimizer',
    models: [
      ['minimax/image-01/text-to-image', 0.0035, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:2 enable_sync_mode seed image!',
    models: [
      ['nvidia/chrono-edit', 0.02],
    ],
  },
  {
    fields: 'prompt! output_format:2 size:4 guidance_scale:3 num_inference_steps negative_prompt',
    models: [
      ['nvidia/cosmos-3-super/text-to-image', 0.04],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output',
    models: [
      ['openai/dall-e-2', 0.12, { ids: ['dall-e-2'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode size:15 quality:4 style:5',
    models: [
      ['openai/dall-e-3', 0.04, { ids: ['dall-e-3'], price: ['?', ['=', 'quality', 'standard'], ['?', ['=', 'size', '1024*1024'], 40000, ['?', ['or', ['=', 'size', '1024*1792'], ['=', 'size', '1792*1024']], 80000, 40000]], ['?', ['=', 'size', '1024*1024'], 80000, ['?', ['or', ['=', 'size', '1024*1792'], ['=', 'size', '1792*1024']], 120000, 80000]]], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode image! size:2 mask_image quality:5',
    models: [
      ['openai/gpt-image-1', 0.042, { price: ['?', ['=', 'quality', 'low'], ['?', ['=', 'size', '1024x1024'], 11000, ['?', ['or', ['=', 'size', '1024x1536'], ['=', 'size', '1536x1024']], 16000, 11000]], ['?', ['=', 'quality', 'medium'], ['?', ['=', 'size', '1024x1024'], 42000, ['?', ['or', ['=', 'size', '1024x1536'], ['=', 'size', '1536x1024']], 63000, 42000]], ['?', ['=', 'size', '1024x1024'], 167000, ['?', ['or', ['=', 'size', '1024x1536'], ['=', 'size', '1536x1024']], 250000, 167000]]]], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1',
    models: [
      ['openai/gpt-image-1-high-fidelity', 0.167, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode images!:3',
    models: [
      ['openai/gpt-image-1-mini/edit', 0.02, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode',
    models: [
      ['openai/gpt-image-1-mini/text-to-image', 0.02, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output output_format:2 enable_sync_mode size:2 images!:1 quality background input_fidelity',
    models: [
      ['openai/gpt-image-1.5/edit', 0.1, { ids: ['gpt-image-1.5'], price: ['?', ['=', 'quality', 'low'], 70000, ['?', ['=', 'quality', 'medium'], ['?', ['=', 'size', '1024*1024'], 100000, 120000], ['?', ['=', 'size', '1024*1024'], 200000, 300000]]] }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output output_format:2 enable_sync_mode size:2 quality background',
    models: [
      ['openai/gpt-image-1.5/text-to-image', 0.04, { ids: ['gpt-image-1.5'], price: ['?', ['=', 'quality', 'low'], ['?', ['=', 'size', '1024*1024'], 10000, 15000], ['?', ['=', 'quality', 'medium'], ['?', ['=', 'size', '1024*1024'], 40000, 60000], ['?', ['=', 'size', '1024*1024'], 150000, 250000]]] }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode size:16 quality',
    models: [
      ['openai/gpt-image-1/text-to-image', 0.042, { price: ['?', ['=', 'quality', 'low'], ['?', ['=', 'size', '1024*1024'], 11000, ['?', ['or', ['=', 'size', '1024*1536'], ['=', 'size', '1536*1024']], 16000, 11000]], ['?', ['=', 'quality', 'medium'], ['?', ['=', 'size', '1024*1024'], 42000, ['?', ['or', ['=', 'size', '1024*1536'], ['=', 'size', '1536*1024']], 63000, 42000]], ['?', ['=', 'size', '1024*1024'], 167000, ['?', ['or', ['=', 'size', '1024*1536'], ['=', 'size', '1536*1024']], 250000, 167000]]]], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! output_format:3 aspect_ratio:9 resolution:1 quality:6',
    partly: true,
    models: [
      ['openai/gpt-image-2.5-flare/text-to-image', 0.024, { price: ['?', ['=', 'quality', 'medium'], ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']], ['unknown']] }],
      ['openai/gpt-image-2.5-sunburst/text-to-image', 0.024, { price: ['?', ['=', 'quality', 'medium'], ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']], ['unknown']] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode aspect_ratio:9 images!:7 resolution:1 quality',
    models: [
      ['openai/gpt-image-2/edit', 0.07, { ids: ['gpt-image-2'], price: ['unknown'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode aspect_ratio:9 resolution:1 quality',
    models: [
      ['openai/gpt-image-2/text-to-image', 0.06, { ids: ['gpt-image-2'], price: ['*', ['?', ['=', 'quality', 'low'], 10000, ['?', ['=', 'quality', 'high'], 220000, 60000]], ['?', ['=', 'resolution', '4k'], 3, ['?', ['=', 'resolution', '2k'], 2, 1]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode seed aspect_ratio:11 images!:8',
    models: [
      ['pruna-ai/p-image/edit', 0.01],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode seed aspect_ratio:11 images!:8 hf_api_token lora_scale lora_weights',
    models: [
      ['pruna-ai/p-image/edit-lora', 0.01],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode seed aspect_ratio:12 height width',
    models: [
      ['pruna-ai/p-image/text-to-image', 0.005],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:3 enable_sync_mode seed aspect_ratio:12 hf_api_token lora_scale:1 lora_weights height width',
    models: [
      ['pruna-ai/p-image/text-to-image-lora', 0.005],
    ],
  },
  {
    fields: 'enable_base64_output output_format:6 enable_sync_mode image! target',
    task: 'upscale',
    models: [
      ['pruna-ai/p-image/upscale', 0.005, { price: ['*', 'base_price', ['?', ['<=', 'target', 4], 1, ['?', ['<=', 'target', 8], 2, ['?', ['<=', 'target', 16], 4, ['?', ['<=', 'target', 32], 8, ['?', ['<=', 'target', 64], 12, 24]]]]]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output aspect_ratio style:6',
    models: [
      ['recraft-ai/recraft-20b', 0.022],
    ],
  },
  {
    fields: 'prompt! enable_base64_output aspect_ratio style:7',
    models: [
      ['recraft-ai/recraft-20b-svg', 0.044],
    ],
  },
  {
    fields: 'enable_base64_output image!',
    task: 'upscale',
    models: [
      ['recraft-ai/recraft-creative-upscale', 0.25],
      ['recraft-ai/recraft-crisp-upscale', 0.004],
    ],
  },
  {
    fields: 'prompt! enable_base64_output aspect_ratio style:8',
    models: [
      ['recraft-ai/recraft-v3', 0.04],
    ],
  },
  {
    fields: 'prompt! enable_base64_output aspect_ratio style:9',
    models: [
      ['recraft-ai/recraft-v3-svg', 0.08],
    ],
  },
  {
    fields: 'prompt! size',
    models: [
      ['recraft-ai/recraft-v4-pro/text-to-image', 0.25],
      ['recraft-ai/recraft-v4-pro/text-to-vector', 0.3],
      ['recraft-ai/recraft-v4/text-to-image', 0.04],
      ['recraft-ai/recraft-v4/text-to-vector', 0.08],
      ['wavespeed-ai/ernie-image/text-to-image', 0.09],
      ['wavespeed-ai/ernie-image/text-to-image-turbo', 0.03],
    ],
  },
  {
    fields: 'prompt! aspect_ratio',
    partly: true,
    models: [
      ['recraft-ai/recraft-v4.1-flash/text-to-image', 0.008],
    ],
  },
  {
    fields: 'prompt! image_size',
    models: [
      ['recraft-ai/recraft-v4.1-pro/text-to-image', 0.25],
      ['recraft-ai/recraft-v4.1-pro/text-to-image-utility', 0.25],
      ['recraft-ai/recraft-v4.1-pro/text-to-vector', 0.3],
      ['recraft-ai/recraft-v4.1/text-to-image', 0.04],
      ['recraft-ai/recraft-v4.1/text-to-image-utility', 0.04],
      ['recraft-ai/recraft-v4.1/text-to-vector', 0.08],
    ],
  },
  {
    fields: 'prompt! seed:1 image!',
    models: [
      ['reve/edit', 0.04, { ids: ['reve-create'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode image!',
    models: [
      ['reve/edit-fast', 0.01, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! seed:1 aspect_ratio:13 reference_images!',
    models: [
      ['reve/remix', 0.04, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode aspect_ratio:2 reference_images!',
    models: [
      ['reve/remix-fast', 0.01, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! seed:1 aspect_ratio:13',
    models: [
      ['reve/text-to-image', 0.025, { ids: ['reve-create'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed:1 aspect_ratio:14 resolution:6 reference_images:1',
    models: [
      ['runwayml/gen4-image', 0.055, { price: ['unknown'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed:1 aspect_ratio:14 resolution:6 reference_images:2',
    models: [
      ['runwayml/gen4-image-turbo', 0.035],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:21 images!:1 resolution:1 transparency',
    models: [
      ['sourceful/riverflow-2.0-pro/edit', 0.15, { price: ['*', 'base_price', ['?', ['=', 'resolution', '4k'], 2.2, 1]] }],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:22 resolution:1 transparency',
    models: [
      ['sourceful/riverflow-2.0-pro/text-to-image', 0.15, { price: ['*', 'base_price', ['?', ['=', 'resolution', '4k'], 2.2, 1]] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed image size',
    models: [
      ['stability-ai/sdxl', 0.0026, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['stability-ai/stable-diffusion', 0.0035, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed size guidance_scale num_inference_steps loras:1 negative_prompt',
    models: [
      ['stability-ai/sdxl-lora', 0.001, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output seed image aspect_ratio',
    models: [
      ['stability-ai/stable-diffusion-3', 0.03, { ids: ['stable-diffusion-3'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['stability-ai/stable-diffusion-3.5-large', 0.06, { ids: ['stable-diffusion-3.5-large'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['stability-ai/stable-diffusion-3.5-large-turbo', 0.04, { ids: ['stable-diffusion-3.5-large-turbo'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['stability-ai/stable-diffusion-3.5-medium', 0.035, { ids: ['stable-diffusion-3.5-medium'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'enable_base64_output output_format:7 image! model',
    models: [
      ['topaz/image/denoise', 0.096],
    ],
  },
  {
    fields: 'enable_base64_output output_format:4 image! model:1',
    models: [
      ['topaz/image/lighting', 0.096],
    ],
  },
  {
    fields: 'enable_base64_output output_format:4 image! model:2',
    models: [
      ['topaz/image/restore', 0.096],
    ],
  },
  {
    fields: 'enable_base64_output output_format:4 image! model:3',
    models: [
      ['topaz/image/sharpen', 0.096],
    ],
  },
  {
    fields: 'prompt! seed aspect_ratio:10 images!:12 resolution:7',
    models: [
      ['vidu/reference-to-image-q2', 0.04, { price: ['?', ['<=', ['count', 'images'], 3], ['?', ['=', 'resolution', '1080p'], 40000, ['?', ['=', 'resolution', '2K'], 60000, 70000]], ['?', ['=', 'resolution', '1080p'], 50000, ['?', ['=', 'resolution', '2K'], 100000, 150000]]] }],
    ],
  },
  {
    fields: 'prompt! seed aspect_ratio:23 resolution:7',
    models: [
      ['vidu/text-to-image-q2', 0.03, { price: ['?', ['=', 'resolution', '4K'], 50000, ['?', ['=', 'resolution', '2K'], 40000, 30000]] }],
    ],
  },
  {
    fields: 'image! age!',
    models: [
      ['wavespeed-ai/ai-age-filter', 0.05],
    ],
  },
  {
    fields: 'image! clothes_images!',
    models: [
      ['wavespeed-ai/ai-clothes-changer', 0.12],
    ],
  },
  {
    fields: 'image! style:10 breed count dog_size expression',
    models: [
      ['wavespeed-ai/ai-dog-selfie', 0.05],
    ],
  },
  {
    fields: 'prompt image! style:11',
    models: [
      ['wavespeed-ai/ai-instagram-model', 0.05],
    ],
  },
  {
    fields: 'prompt image! destination',
    models: [
      ['wavespeed-ai/ai-travel-trends', 0.05],
    ],
  },
  {
    fields: 'prompt! seed size',
    models: [
      ['wavespeed-ai/bitdance-14b/text-to-image', 0.05],
      ['wavespeed-ai/hunyuan-image-3-instruct/text-to-image', 0.45],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size',
    models: [
      ['wavespeed-ai/chroma', 0.015, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
      ['wavespeed-ai/female-human', 0.015],
      ['wavespeed-ai/hunyuan-image-2.1', 0.025],
      ['wavespeed-ai/jib-mix-qwen-image/text-to-image', 0.02],
      ['wavespeed-ai/longcat-image/text-to-image', 0.15],
      ['wavespeed-ai/neta-lumina', 0.01],
      ['wavespeed-ai/prefect-pony-xl', 0.015],
      ['wavespeed-ai/qwen-image/text-to-image', 0.02, { ids: ['qwen-image'] }],
      ['wavespeed-ai/qwen-image/text-to-image-2512', 0.02],
      ['wavespeed-ai/wan-2.2/text-to-image-realism', 0.025],
      ['z-ai/glm-image/text-to-image', 0.12],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:17',
    models: [
      ['wavespeed-ai/emu-3.5-image/text-to-image', 0.15],
    ],
  },
  {
    fields: 'image!',
    task: 'upscale',
    partly: true,
    models: [
      ['wavespeed-ai/face-enhancer/image', 0.01],
      ['wavespeed-ai/vosr2/image', 0.01],
    ],
  },
  {
    fields: 'prompt image!',
    task: 'remove-background',
    partly: true,
    models: [
      ['wavespeed-ai/feynobg', 0.001],
    ],
  },
  {
    fields: 'prompt! size:1 images!',
    models: [
      ['wavespeed-ai/firered-image-v1.1/edit', 0.15],
      ['wavespeed-ai/firered-image/edit', 0.2],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:2 enable_sync_mode seed size guidance_scale num_inference_steps strength',
    models: [
      ['wavespeed-ai/flux-1-srpo', 0.025],
      ['wavespeed-ai/flux-srpo', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:2 enable_sync_mode seed image! guidance_scale num_inference_steps strength',
    models: [
      ['wavespeed-ai/flux-1-srpo/image-to-image', 0.5],
      ['wavespeed-ai/flux-srpo/image-to-image', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:5 seed:1 aspect_ratio',
    models: [
      ['wavespeed-ai/flux-1.1-pro', 0.04, { ids: ['flux-1.1-pro'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:5 seed:1 aspect_ratio raw',
    models: [
      ['wavespeed-ai/flux-1.1-pro-ultra', 0.06, { ids: ['flux-1.1-pro-ultra'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed size:1 images!',
    models: [
      ['wavespeed-ai/flux-2-dev/edit', 0.024, { ids: ['flux-2-dev'] }],
      ['wavespeed-ai/flux-2-flex/edit', 0.12, { ids: ['flux-2-flex'] }],
      ['wavespeed-ai/flux-2-klein-4b/edit', 0.012],
      ['wavespeed-ai/flux-2-klein-9b/edit', 0.016],
      ['wavespeed-ai/flux-2-klein-base-4b/edit', 0.015],
      ['wavespeed-ai/flux-2-klein-base-9b/edit', 0.021],
      ['wavespeed-ai/flux-2-max/edit', 0.07, { ids: ['flux-2-max'] }],
      ['wavespeed-ai/flux-2-pro/edit', 0.06, { ids: ['flux-2-pro'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed size:1 images! loras',
    models: [
      ['wavespeed-ai/flux-2-dev/edit-lora', 0.03],
      ['wavespeed-ai/flux-2-klein-4b/edit-lora', 0.017],
      ['wavespeed-ai/flux-2-klein-9b/edit-lora', 0.021],
      ['wavespeed-ai/flux-2-klein-base-4b/edit-lora', 0.02],
      ['wavespeed-ai/flux-2-klein-base-9b/edit-lora', 0.026],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed size',
    models: [
      ['wavespeed-ai/flux-2-dev/text-to-image', 0.012, { ids: ['flux-2-dev'] }],
      ['wavespeed-ai/flux-2-flash/text-to-image', 0.025],
      ['wavespeed-ai/flux-2-flex/text-to-image', 0.06, { ids: ['flux-2-flex'] }],
      ['wavespeed-ai/flux-2-klein-4b/text-to-image', 0.008],
      ['wavespeed-ai/flux-2-klein-9b/text-to-image', 0.01],
      ['wavespeed-ai/flux-2-klein-base-4b/text-to-image', 0.01],
      ['wavespeed-ai/flux-2-klein-base-9b/text-to-image', 0.015],
      ['wavespeed-ai/flux-2-max/text-to-image', 0.07, { ids: ['flux-2-max'] }],
      ['wavespeed-ai/flux-2-pro/text-to-image', 0.03, { ids: ['flux-2-pro'] }],
      ['wavespeed-ai/flux-2-turbo/text-to-image', 0.04],
      ['wavespeed-ai/hunyuan-image-3', 0.1],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed size loras',
    models: [
      ['wavespeed-ai/flux-2-dev/text-to-image-lora', 0.018],
      ['wavespeed-ai/flux-2-klein-4b/text-to-image-lora', 0.013],
      ['wavespeed-ai/flux-2-klein-9b/text-to-image-lora', 0.015],
      ['wavespeed-ai/flux-2-klein-base-4b/text-to-image-lora', 0.015],
      ['wavespeed-ai/flux-2-klein-base-9b/text-to-image-lora', 0.02],
    ],
  },
  {
    fields: 'prompt! enable_base64_output enable_sync_mode seed size:1 images!:3',
    models: [
      ['wavespeed-ai/flux-2-flash/edit', 0.03],
      ['wavespeed-ai/flux-2-turbo/edit', 0.048],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed:3 size num_images guidance_scale:1 num_inference_steps loras control_guidance_end control_guidance_start control_image! controlnet_conditioning_scale',
    models: [
      ['wavespeed-ai/flux-controlnet-union-pro-2.0', 0.03, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size num_images guidance_scale num_inference_steps strength mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-dev', 0.012, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size num_images guidance_scale:1 num_inference_steps loras:1 strength mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-dev-lora', 0.015, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format seed image size num_images guidance_scale:1 num_inference_steps loras strength:3 mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-dev-lora-ultra-fast', 0.006, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size num_images guidance_scale:1 num_inference_steps strength mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-dev-ultra-fast', 0.005, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! seed:3 image! size num_images guidance_scale:5 num_inference_steps loras mask_image!',
    models: [
      ['wavespeed-ai/flux-fill-dev', 0.035, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt enable_base64_output output_format enable_sync_mode seed image! size:1 num_images guidance_scale:4 num_inference_steps',
    models: [
      ['wavespeed-ai/flux-kontext-dev', 0.025, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt enable_base64_output output_format enable_sync_mode seed image! size:1 num_images guidance_scale:2 num_inference_steps loras',
    models: [
      ['wavespeed-ai/flux-kontext-dev-lora', 0.03, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size:1 num_images guidance_scale:2 num_inference_steps loras',
    models: [
      ['wavespeed-ai/flux-kontext-dev-lora-ultra-fast', 0.025, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size:1 num_images guidance_scale:2 num_inference_steps',
    models: [
      ['wavespeed-ai/flux-kontext-dev-ultra-fast', 0.02, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:1 images!:13 num_images guidance_scale:4 num_inference_steps',
    models: [
      ['wavespeed-ai/flux-kontext-dev/multi', 0.03, { price: ['*', 'base_price', 'num_images'] }],
      ['wavespeed-ai/flux-kontext-dev/multi-ultra-fast', 0.025, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode seed:1 image! aspect_ratio:5 guidance_scale',
    models: [
      ['wavespeed-ai/flux-kontext-max', 0.08],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode aspect_ratio:5 images!:4 guidance_scale',
    models: [
      ['wavespeed-ai/flux-kontext-max/multi', 0.08],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode seed:1 aspect_ratio:8 guidance_scale',
    models: [
      ['wavespeed-ai/flux-kontext-max/text-to-image', 0.08],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode image! aspect_ratio:5 guidance_scale',
    models: [
      ['wavespeed-ai/flux-kontext-pro', 0.04],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode seed:1 aspect_ratio:5 images!:4 guidance_scale',
    models: [
      ['wavespeed-ai/flux-kontext-pro/multi', 0.04],
    ],
  },
  {
    fields: 'prompt! enable_sync_mode seed:1 aspect_ratio:8 guidance_scale safety_tolerance',
    models: [
      ['wavespeed-ai/flux-kontext-pro/text-to-image', 0.04],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size guidance_scale:1 loras strength',
    models: [
      ['wavespeed-ai/flux-krea-dev-lora', 0.02],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size guidance_scale:1',
    models: [
      ['wavespeed-ai/flux-pulid', 0.02],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode seed image! size num_images guidance_scale num_inference_steps',
    models: [
      ['wavespeed-ai/flux-redux-dev', 0.025, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt seed:3 image! size guidance_scale:6 num_inference_steps',
    models: [
      ['wavespeed-ai/flux-redux-pro', 0.15],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size num_images strength mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-schnell', 0.003, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size num_images loras strength mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-schnell-lora', 0.005, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'output_format:2 image! mask_image! dilate_pixels',
    whiteMask: true,
    models: [
      ['wavespeed-ai/flux-v1-pro/erase', 0.08],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image!',
    models: [
      ['wavespeed-ai/ghibli', 0.005],
      ['wavespeed-ai/image-text-remover', 0.15],
      ['wavespeed-ai/image-watermark-remover', 0.015],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format seed image!',
    models: [
      ['wavespeed-ai/hidream-e1-full', 0.024],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format seed size',
    models: [
      ['wavespeed-ai/hidream-i1-dev', 0.012],
      ['wavespeed-ai/hidream-i1-full', 0.024],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed:1 size:5 images!:7',
    models: [
      ['wavespeed-ai/hidream-o1-image-dev/edit', 0.02],
      ['wavespeed-ai/hidream-o1-image/edit', 0.04],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed:1 size:5',
    models: [
      ['wavespeed-ai/hidream-o1-image-dev/text-to-image', 0.02],
      ['wavespeed-ai/hidream-o1-image/text-to-image', 0.04],
    ],
  },
  {
    fields: 'prompt! seed size:1 images!:5',
    models: [
      ['wavespeed-ai/hunyuan-image-3-instruct/edit', 0.45],
    ],
  },
  {
    fields: 'prompt! image! lighting_direction',
    models: [
      ['wavespeed-ai/ic-light', 0.2],
    ],
  },
  {
    fields: 'image! body_image!',
    models: [
      ['wavespeed-ai/image-body-swap', 0.05],
    ],
  },
  {
    fields: 'output_format!:8 image!',
    models: [
      ['wavespeed-ai/image-converter', 0.001],
    ],
  },
  {
    fields: 'prompt enable_base64_output output_format enable_sync_mode image! mask_image',
    whiteMask: true,
    models: [
      ['wavespeed-ai/image-eraser', 0.025],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! face_image! target_index',
    models: [
      ['wavespeed-ai/image-face-swap', 0.01],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! face_image!',
    models: [
      ['wavespeed-ai/image-face-swap-pro', 0.025],
      ['wavespeed-ai/image-head-swap', 0.025],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! target_language!',
    models: [
      ['wavespeed-ai/image-translator', 0.15],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! target_resolution',
    task: 'upscale',
    models: [
      ['wavespeed-ai/image-upscaler', 0.01],
      ['wavespeed-ai/seedvr2/image', 0.01],
      ['wavespeed-ai/ultimate-image-upscaler', 0.06],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! size:1',
    models: [
      ['wavespeed-ai/image-zoom-out', 0.02],
    ],
  },
  {
    fields: 'prompt! seed:1 aspect_ratio num_images negative_prompt',
    models: [
      ['wavespeed-ai/imagen4', 0.04, { price: ['*', 'base_price', 'num_images'], gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'source_image!:1 target_image!:1',
    models: [
      ['wavespeed-ai/infinite-you', 0.05],
    ],
  },
  {
    fields: 'prompt! seed:1 image! size',
    models: [
      ['wavespeed-ai/instant-character', 0.3],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size loras',
    models: [
      ['wavespeed-ai/jib-mix-qwen-image/text-to-image-lora', 0.025],
      ['wavespeed-ai/qwen-image/text-to-image-2512-lora', 0.025],
      ['wavespeed-ai/qwen-image/text-to-image-lora', 0.025],
      ['wavespeed-ai/z-image/turbo-lora', 0.01],
    ],
  },
  {
    fields: 'prompt! size:18 creativity:1 reference',
    models: [
      ['wavespeed-ai/krea-v2-large/text-to-image', 0.06, { price: ['+', 'base_price', ['?', ['and', ['given', 'reference'], ['count', 'reference']], 5000, 0]] }],
      ['wavespeed-ai/krea-v2-medium/text-to-image', 0.03, { price: ['+', 'base_price', ['?', ['and', ['given', 'reference'], ['count', 'reference']], 5000, 0]] }],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:24 creativity:1 reference',
    models: [
      ['wavespeed-ai/krea-v2-medium-turbo/text-to-image', 0.015, { price: ['+', 'base_price', ['?', ['and', ['given', 'reference'], ['count', 'reference']], 2500, 0]] }],
    ],
  },
  {
    fields: 'prompt! seed:1 aspect_ratio:3 resolution',
    partly: true,
    models: [
      ['wavespeed-ai/krea-v2/turbo', 0.012, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image!',
    models: [
      ['wavespeed-ai/longcat-image/edit', 0.15],
    ],
  },
  {
    fields: 'prompt! output_format seed:1 aspect_ratio:3 resolution',
    partly: true,
    models: [
      ['wavespeed-ai/minimax-h3/text-to-image', 0.02, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format:1 seed:1 aspect_ratio:2 num_images:3 guidance_scale:7 num_inference_steps:1 negative_prompt',
    models: [
      ['wavespeed-ai/nucleus-image/text-to-image', 0.01, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! size tiling_mode',
    models: [
      ['wavespeed-ai/patina/material', 0.48],
    ],
  },
  {
    fields: 'prompt! image! size tiling_mode',
    models: [
      ['wavespeed-ai/patina/material-extract', 1.02],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode aspect_ratio:15 images!:1 resolution:8 num_images',
    models: [
      ['wavespeed-ai/phota/edit', 0.09, { price: ['*', ['*', 'base_price', 'num_images'], ['?', ['=', 'resolution', '4K'], 2, 1]] }],
    ],
  },
  {
    fields: 'enable_base64_output output_format enable_sync_mode image! num_images',
    task: 'upscale',
    models: [
      ['wavespeed-ai/phota/enhance', 0.13, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode aspect_ratio:15 resolution:8 num_images',
    models: [
      ['wavespeed-ai/phota/text-to-image', 0.09, { price: ['*', ['*', 'base_price', 'num_images'], ['?', ['=', 'resolution', '4K'], 2, 1]] }],
    ],
  },
  {
    fields: 'prompt! seed:2 size:19 images!:9',
    models: [
      ['wavespeed-ai/qwen-image-2.0-pro/edit', 0.07, { ids: ['qwen-image-2-pro'] }],
      ['wavespeed-ai/qwen-image-2.0/edit', 0.03, { ids: ['qwen-image-2'] }],
    ],
  },
  {
    fields: 'prompt! seed:2 size:20',
    models: [
      ['wavespeed-ai/qwen-image-2.0-pro/text-to-image', 0.07, { ids: ['qwen-image-2-pro'] }],
      ['wavespeed-ai/qwen-image-2.0/text-to-image', 0.03, { ids: ['qwen-image-2'] }],
    ],
  },
  {
    fields: 'prompt! output_format seed:1 aspect_ratio:3 resolution:2',
    partly: true,
    models: [
      ['wavespeed-ai/qwen-image-2.1/text-to-image', 0.02, { price: ['?', ['=', 'resolution', '1k'], 'base_price', ['unknown']] }],
    ],
  },
  {
    fields: 'prompt! seed:2 size:1 images!:9',
    models: [
      ['wavespeed-ai/qwen-image-max/edit', 0.07],
    ],
  },
  {
    fields: 'prompt! seed:2 size',
    models: [
      ['wavespeed-ai/qwen-image-max/text-to-image', 0.07],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size:1',
    models: [
      ['wavespeed-ai/qwen-image/edit', 0.02, { ids: ['qwen-image'] }],
    ],
  },
  {
    fields: 'prompt enable_base64_output output_format enable_sync_mode seed size:1 images! distance horizontal_angle vertical_angle',
    models: [
      ['wavespeed-ai/qwen-image/edit-2509-multiple-angles', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:1 images!',
    models: [
      ['wavespeed-ai/qwen-image/edit-2511', 0.02],
      ['wavespeed-ai/qwen-image/edit-plus', 0.02],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:1 images! loras:2',
    models: [
      ['wavespeed-ai/qwen-image/edit-2511-lora', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size:1 loras',
    models: [
      ['wavespeed-ai/qwen-image/edit-lora', 0.025],
    ],
  },
  {
    fields: 'prompt enable_base64_output output_format enable_sync_mode seed size:1 images! distance horizontal_angle:1 vertical_angle',
    models: [
      ['wavespeed-ai/qwen-image/edit-multiple-angles', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:1 images! loras',
    models: [
      ['wavespeed-ai/qwen-image/edit-plus-lora', 0.025],
    ],
  },
  {
    fields: 'prompt enable_base64_output enable_sync_mode image! num_layers',
    models: [
      ['wavespeed-ai/qwen-image/layered', 0.025, { price: ['*', 'base_price', 'num_layers'] }],
    ],
  },
  {
    fields: 'image!',
    task: 'upscale',
    models: [
      ['wavespeed-ai/real-esrgan', 0.0024],
    ],
  },
  {
    fields: 'prompt:3 output_format:3 image! apply_mask box_prompts point_prompts',
    models: [
      ['wavespeed-ai/sam3-image', 0.005],
    ],
  },
  {
    fields: 'prompt! seed:1 image! guidance_scale:3 num_inference_steps:2 negative_prompt',
    models: [
      ['wavespeed-ai/step1x-edit', 0.03],
    ],
  },
  {
    fields: 'prompt! output_format:2 seed:1 images!:4 num_images guidance_scale num_inference_steps image_size:1',
    models: [
      ['wavespeed-ai/uno', 0.05, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size strength:1',
    models: [
      ['wavespeed-ai/wan-2.1/text-to-image', 0.02],
      ['wavespeed-ai/z-image/turbo', 0.005],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size loras strength:1',
    models: [
      ['wavespeed-ai/wan-2.1/text-to-image-lora', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size strength:1',
    models: [
      ['wavespeed-ai/wan-2.2/image-to-image', 0.02],
      ['wavespeed-ai/z-image-turbo/image-to-image', 0.005],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size loras high_noise_loras low_noise_loras',
    models: [
      ['wavespeed-ai/wan-2.2/text-to-image-lora', 0.025],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size strength:2 mode',
    models: [
      ['wavespeed-ai/z-image-turbo/controlnet', 0.012],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image! size loras strength:1',
    models: [
      ['wavespeed-ai/z-image-turbo/image-to-image-lora', 0.01],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size strength:1 negative_prompt',
    models: [
      ['wavespeed-ai/z-image/base', 0.01],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed image size loras strength:1 negative_prompt',
    models: [
      ['wavespeed-ai/z-image/base-lora', 0.012],
    ],
  },
  {
    fields: 'prompt! image! size:1 mask_image!',
    whiteMask: true,
    models: [
      ['wavespeed-ai/z-image/turbo-inpaint', 0.02],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode num_images',
    models: [
      ['x-ai/grok-2-image', 0.07, { price: ['*', 'base_price', 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format image! aspect_ratio:25 resolution num_images',
    models: [
      ['x-ai/grok-imagine-image-quality/edit', 0.07, { price: ['*', ['?', ['=', 'resolution', '2k'], 90000, 70000], 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format aspect_ratio:2 resolution num_images',
    models: [
      ['x-ai/grok-imagine-image-quality/text-to-image', 0.06, { price: ['*', ['?', ['=', 'resolution', '2k'], 80000, 60000], 'num_images'] }],
    ],
  },
  {
    fields: 'prompt! images!:14 resolution:9 quality:1',
    models: [
      ['x-ai/grok-imagine-image-v2.0/edit', 0.06, { price: ['?', ['=', 'quality', 'medium'], ['?', ['=', 'resolution', '2k'], 'base_price', ['unknown']], ['unknown']] }],
    ],
  },
  {
    fields: 'prompt! aspect_ratio:26 resolution:9 quality:1',
    models: [
      ['x-ai/grok-imagine-image-v2.0/text-to-image', 0.05, { price: ['?', ['=', 'quality', 'medium'], ['?', ['=', 'resolution', '2k'], 'base_price', ['unknown']], ['unknown']] }],
    ],
  },
  {
    fields: 'prompt!:1 output_format:2 aspect_ratio:27',
    models: [
      ['x-ai/grok-imagine-image/text-to-image', 0.022, { ids: ['grok-imagine-image'] }],
    ],
  },
  {
    fields: 'prompt!:1 enable_base64_output enable_sync_mode size:21 quality:7',
    models: [
      ['z-ai/cogview-4', 0.01, { gone: { seen: '2026-06-12', by: '2026-10-02' } }],
    ],
  },
  {
    fields: 'prompt! enable_base64_output output_format enable_sync_mode seed size:1 images!:3 enable_prompt_expansion',
    models: [
      ['z-ai/glm-image/edit', 0.12],
    ],
  },
];
