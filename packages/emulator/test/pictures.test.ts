import { describe, expect, it } from 'vitest';
import {
  apiframe,
  apiframePictures,
  dataUrl,
  download,
  type Emulator,
  generate,
  measure,
  start,
  stopClock,
  wait,
  wavespeedPictures,
} from './harness.ts';

const wavespeedPicture = async (emulator: Emulator, model: string, input: object): Promise<Buffer> =>
  first(await wavespeedPictures(emulator, model, { prompt: 'a pond', ...input }));

const apiframePicture = async (emulator: Emulator, body: object): Promise<Buffer> =>
  first(await apiframePictures(emulator, 'generate', { model: 'seedream-4', prompt: 'a pond', ...body }));

const first = ([picture]: Buffer[]): Buffer => picture ?? Buffer.alloc(0);

describe('the pictures', () => {
  it.each([
    ['bytedance/seedream-v3.1', { size: '640*512' }, '640x512 jpeg'],
    ['bytedance/seedream-v3.1', { size: '640x512' }, '1024x1024 jpeg'],
    ['bytedance/dreamina-v3.1/text-to-image', { size: '64*64' }, '1328x1328 jpeg'],
    ['bytedance/seedream-v5.0-lite', { size: '1440*1440', output_format: 'png' }, '2048x2048 png'],
    ['bytedance/seedream-v5.0-pro', { aspect_ratio: '16:9', output_format: 'png' }, '1368x768 png'],
    ['wavespeed-ai/flux-schnell', { size: '300*260', output_format: 'webp' }, '300x260 webp'],
  ])('have the pixels and the format that WaveSpeed %s was asked for: %o', async (model, input, expected) => {
    expect(await measure(await wavespeedPicture(start(), model, input))).toBe(expected);
  });

  it.each([
    ['seedream-4', { size: 'custom', width: 1024, height: 512 }, '1024x512 png'],
    ['seedream-4', { width: 1024, height: 512, size: '1K' }, '1024x1024 png'],
    ['seedream-3.1', { aspect_ratio: 'custom', width: 600, height: 800 }, '600x800 png'],
    ['seedream-5-lite', { size: '2K', aspect_ratio: '1:1', output_format: 'jpg' }, '2048x2048 jpeg'],
    ['seedream-3', { aspect_ratio: '16:9' }, '1368x768 png'],
  ])('have the pixels and the format that Apiframe %s was asked for: %o', async (model, seedreamParams, expected) => {
    expect(await measure(await apiframePicture(start(), { model, seedreamParams }))).toBe(expected);
  });

  it('take the size of the reference picture where they shall match it', async () => {
    const image_input = [await dataUrl(320, 200)];
    const seedreamParams = { aspect_ratio: 'match_input_image', image_input };
    expect(await measure(await apiframePicture(start(), { seedreamParams }))).toBe('320x200 png');
  });

  it('are the same for the same prompt and seed, and differ otherwise', async () => {
    const draw = (prompt: string, seed: number) =>
      wavespeedPicture(start(), 'bytedance/seedream-v3.1', { prompt, seed, size: '512*512' });
    const first = await draw('a pond', 7);
    expect((await draw('a pond', 7)).equals(first)).toBe(true);
    expect((await draw('a pond', 8)).equals(first)).toBe(false);
    expect((await draw('a hill', 7)).equals(first)).toBe(false);
  });

  it('come as four and a grid from Midjourney', async () => {
    const emulator = start();
    const { jobId } = (await generate(emulator, { model: 'midjourney' })).body;
    const { result } = (await apiframe(emulator, `jobs/${jobId}`)).body;
    expect(result.images).toHaveLength(4);
    expect(await measure(await download(emulator, result.gridUrl))).toBe('1024x1024 png');
  });

  it('are gone after the retention', async () => {
    stopClock();
    const emulator = start({ retention: 20 });
    const { jobId } = (await generate(emulator)).body;
    await wait(40);
    const { body } = await apiframe(emulator, `jobs/${jobId}`);
    expect(body.expired).toBe(true);
    expect((await emulator.fetch(body.result.images[0])).status).toBe(410);
  });

  it('can be fetched in parts, and the log shows what headers were sent along', async () => {
    const emulator = start();
    const { jobId } = (await generate(emulator)).body;
    const [url] = (await apiframe(emulator, `jobs/${jobId}`)).body.result.images;
    const part = await emulator.fetch(url, { headers: { range: 'bytes=0-7', 'x-api-key': 'leaked' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(emulator.requests().at(-1)).toMatchObject({
      host: 'apiframe',
      kind: 'output',
      headers: { 'x-api-key': 'leaked' },
    });
  });
});
