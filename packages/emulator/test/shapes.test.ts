import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { extentOf } from '../src/picture/extent.ts';
import { areaSize, sizeAfter } from '../src/picture/size.ts';
import { apiframePictures, dataUrl, measure, start, wavespeed, wavespeedPictures } from './harness.ts';

const prompt = 'a pond';
const elsewhere = 'https://example.com/a.png';

describe('what WaveSpeed draws', () => {
  it.each([
    // Pixels, with other signs, in a list, beyond the stated bounds, and as numbers.
    ['wavespeed-ai/flux-dev', { size: '640*512', num_images: 2 }, ['640x512 jpeg', '640x512 jpeg']],
    ['wavespeed-ai/emu-3.5-image/text-to-image', { size: '512x640', output_format: 'webp' }, ['512x640 webp']],
    ['openai/gpt-image-1.5/text-to-image', { size: '1536*1024' }, ['1536x1024 jpeg']],
    ['alibaba/wan-2.7/text-to-image', { size: '512*512' }, ['1024x1024 jpeg']],
    ['alibaba/wan-2.7/text-to-image', { size: '512*2304' }, ['512x2304 jpeg']],
    ['wavespeed-ai/flux-dev', { size: '4096*1' }, ['4096x1 jpeg']],
    ['recraft-ai/recraft-v4-style/text-to-vector', { size: '8*800' }, ['8x800 svg']],
    ['minimax/image-01/text-to-image', { size: '1000*900' }, ['1024x1024 jpeg']],
    ['pruna-ai/p-image/text-to-image', { width: 300, height: 260 }, ['300x260 png']],
    ['pruna-ai/p-image/text-to-image', { width: 300, aspect_ratio: '16:9' }, ['1368x768 png']],
    // A ratio, under three names, with and without a resolution.
    ['google/imagen4', { aspect_ratio: '3:4', num_images: 2 }, ['888x1184 jpeg', '888x1184 jpeg']],
    ['ideogram-ai/ideogram-v4', { size: '9:16', output_format: 'png' }, ['768x1368 png']],
    ['wavespeed-ai/krea-v2-large/text-to-image', { size: '2.35:1' }, ['1568x664 jpeg']],
    ['recraft-ai/recraft-v4.1/text-to-image', { image_size: '4:3' }, ['1184x888 jpeg']],
    ['google/nano-banana-2/text-to-image', { aspect_ratio: '4:1', resolution: '0.5k' }, ['1024x256 png']],
    ['runwayml/gen4-image', { aspect_ratio: '16:9', resolution: '720p' }, ['1280x720 jpeg']],
    ['x-ai/grok-imagine-image-v2.0/text-to-image', { aspect_ratio: '19.5:9', resolution: '1k' }, ['1504x696 jpeg']],
    // A word, nothing at all, four for one charge, and lines instead of pixels.
    ['wavespeed-ai/uno', { images: [elsewhere], image_size: 'portrait_4_3' }, ['768x1024 jpeg']],
    ['luma/photon', {}, ['1024x1024 jpeg']],
    ['midjourney/text-to-image', { aspect_ratio: '2:3' }, Array.from({ length: 4 }, () => '840x1256 jpeg')],
    ['recraft-ai/recraft-v3-svg', {}, ['1024x1024 svg']],
  ])('%s, asked for %o', async (model, input, expected) => {
    const pictures = await wavespeedPictures(start({ goneModels: true }), model, { prompt, ...input });
    expect(await Promise.all(pictures.map(measure))).toEqual(expected);
  });

  it.each([
    ['wavespeed-ai/real-esrgan', {}, '64x40 jpeg'],
    ['recraft-ai/recraft-crisp-upscale', {}, '128x80 jpeg'],
    ['bria/increase-resolution', { desired_increase: 4 }, '256x160 jpeg'],
    ['wavespeed-ai/image-upscaler', { target_resolution: '2k', output_format: 'webp' }, '2592x1616 webp'],
    ['clarity-ai/pro-upscaler', { target_megapixels: 1 }, '1264x792 jpeg'],
    ['pruna-ai/p-image/upscale', { target: 1, output_format: 'jpg' }, '1264x792 jpeg'],
    ['google/nano-banana-pro/edit', { resolution: '1k' }, '1296x808 png'],
    ['wavespeed-ai/qwen-image/edit', {}, '64x40 jpeg'],
    ['microsoft/mai-image-2.5/edit', { size: 'auto' }, '64x40 png'],
    ['pruna-ai/p-image/edit', { aspect_ratio: 'match_input_image' }, '64x40 png'],
    ['wavespeed-ai/image-converter', { output_format: 'tiff' }, '64x40 tiff'],
    ['wavespeed-ai/image-converter', { output_format: 'gif' }, '64x40 gif'],
    ['wavespeed-ai/image-converter', { output_format: 'avif' }, '64x40 heif'],
    ['ideogram-ai/remove-background', {}, '64x40 png'],
  ])('%s, of a picture of 64 by 40 pixels with %o', async (model, input, expected) => {
    const image = await dataUrl(64, 40);
    const body = { prompt, image, images: [image], ...input };
    const [picture] = await wavespeedPictures(start(), model, body);
    expect(picture && (await measure(picture))).toBe(expected);
  });

  it('leaves the middle alone where it removes a background', async () => {
    const body = { image: await dataUrl(64, 40) };
    const [picture] = await wavespeedPictures(start(), 'wavespeed-ai/image-background-remover', body);
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    expect([info.channels, data[3], data[(20 * 64 + 32) * 4 + 3]]).toEqual([4, 0, 255]);
  });

  it('writes a bitmap where one is asked for', async () => {
    const body = { image: await dataUrl(61, 40), output_format: 'bmp' };
    const [picture = Buffer.alloc(0)] = await wavespeedPictures(start(), 'wavespeed-ai/image-converter', body);
    expect(picture.toString('latin1', 0, 2)).toBe('BM');
    expect([picture.readInt32LE(18), picture.readInt32LE(22), picture.length]).toEqual([61, 40, 54 + 184 * 40]);
  });

  it('draws no more than what can be drawn, however large it was asked for', () => {
    const gigantic = { like: elsewhere, otherwise: 1024, area: 1_500_000_000 };
    expect(sizeAfter(gigantic, undefined)).toEqual({ width: 8192, height: 8192 });
    expect(sizeAfter(gigantic, { width: 8, height: 1 })).toEqual({ width: 16383, height: 2048 });
    expect(areaSize(8192, '1:4')).toEqual({ width: 4095, height: 16383 });
    expect(extentOf({ size: '999999*999999' }, {})).toEqual({ width: 8192, height: 8192 });
    expect(extentOf({ aspect_ratio: '1:999999' }, {})).toEqual({ width: 1, height: 16383 });
  });

  it('takes anything of a model whose fields nobody knows, and keeps what a partly known one is sent', async () => {
    const emulator = start();
    const [picture] = await wavespeedPictures(emulator, 'meta/muse-image/text-to-image', { prompt, size: '320*200' });
    expect(picture && (await measure(picture))).toBe('320x200 jpeg');
    const partial = { prompt, size: '512*512', image: await dataUrl(40, 40) };
    expect((await wavespeed(emulator, 'google/nano-banana-2-lite/edit', partial)).status).toBe(200);
  });
});

describe('what Apiframe draws', () => {
  it.each([
    ['flux-2-pro', 'fluxParams', { aspect_ratio: '16:9', resolution: '2MP', output_format: 'webp' }, '1928x1088 webp'],
    ['flux-1.1-pro', 'fluxParams', { width: 300, height: 260 }, '300x260 png'],
    ['flux-2-max', 'fluxParams', { resolution: 'match_input_image', input_images: ['64x40'] }, '64x40 png'],
    ['nano-banana-2', 'nanoBananaParams', { aspect_ratio: '4:3', resolution: '512px' }, '592x440 png'],
    ['nano-banana', 'nanoBananaParams', { image_input: ['64x40'] }, '64x40 png'],
    ['imagen-4', 'imagenParams', { aspect_ratio: '3:4', image_size: '2K' }, '1776x2368 jpeg'],
    ['gpt-image-2', 'gptImage2Params', { aspect_ratio: '3:2', number_of_images: 2 }, '1256x840 webp'],
    ['qwen-image', 'qwenImageParams', { image_size: 'landscape_16_9', output_format: 'jpeg' }, '1024x576 jpeg'],
    ['ideogram-v3-turbo', 'ideogramParams', { resolution: '640x512' }, '640x512 png'],
    ['ideogram-v3-turbo', 'ideogramParams', { resolution: 'None', aspect_ratio: '1:3' }, '592x1776 png'],
    ['stable-diffusion-3', 'stableDiffusionParams', { aspect_ratio: '9:21' }, '672x1568 png'],
  ])('%s with %s %o', async (model, params, fields, expected) => {
    const image = await dataUrl(64, 40);
    const seen = JSON.parse(JSON.stringify(fields).replaceAll('"64x40"', JSON.stringify(image)));
    const pictures = await apiframePictures(start(), 'generate', { model, prompt, [params]: seen });
    const sizes = new Set(await Promise.all(pictures.map(measure)));
    expect([...sizes]).toEqual([expected]);
    expect(pictures).toHaveLength('number_of_images' in fields ? 2 : 1);
  });
});

describe('the emulator as it starts', () => {
  it('loads no validator, no formulas and no catalogue before a submit asks for them', () => {
    const program = `
      import { createRequire } from 'node:module';
      import { createEmulator } from '${new URL('../src/index.ts', import.meta.url)}';
      const emulator = createEmulator();
      const loaded = () => Object.keys(createRequire(import.meta.url).cache)
        .flatMap((path) => /[\\\\/](ajv|jsonata|catalogue)[\\\\/]/.exec(path)?.[1] ?? []);
      const before = loaded();
      const headers = { authorization: 'Bearer ' + emulator.wavespeed.apiKey };
      const url = emulator.wavespeed.baseUrl + '/api/v3/bytedance/seedream-v4/sequential';
      await emulator.fetch(url, { method: 'POST', headers, body: '{"prompt":"a"}' });
      console.log(JSON.stringify({ before, after: [...new Set(loaded())].sort() }));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({ before: [], after: ['ajv', 'catalogue', 'jsonata'] });
  });
});
