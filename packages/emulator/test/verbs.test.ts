import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  apiframe,
  apiframePictures,
  dataUrl,
  download,
  type Emulator,
  measure,
  start,
} from './harness.ts';

const elsewhere = 'https://example.com/a.png';
const post = (emulator: Emulator, path: string, body: object): Promise<Answer> =>
  apiframe(emulator, `images/${path}`, body);
const first = ([picture]: Buffer[]): Buffer => picture ?? Buffer.alloc(0);

describe('POST /v2/images/edit', () => {
  const edit = (image: string, fields: object) => ({
    model: 'flux-fill-pro',
    fluxFillParams: { image, prompt: 'a door', ...fields },
  });

  it.each([
    [{ mode: 'inpaint', mask: elsewhere }, '320x200 png'],
    [{ mode: 'outpaint', outpaint: 'Zoom out 2x', output_format: 'jpg' }, '640x400 jpeg'],
    [{ mode: 'outpaint', outpaint: 'Make square' }, '320x320 png'],
    [{ mode: 'outpaint', outpaint: 'Left outpaint' }, '480x200 png'],
  ])('draws at the size that follows from the picture: %o', async (fields, expected) => {
    const pictures = await apiframePictures(start(), 'edit', edit(await dataUrl(320, 200), fields));
    expect(await measure(first(pictures))).toBe(expected);
  });

  it.each([
    ['an inpaint without a mask', { mode: 'inpaint' }, 'fluxFillParams.mask'],
    ['an outpaint that does not say where', { mode: 'outpaint' }, 'fluxFillParams.outpaint'],
    ['another word for it', { mode: 'outpaint', outpaint: 'up' }, 'fluxFillParams.outpaint'],
    ['too much guidance', { mode: 'inpaint', mask: elsewhere, guidance: 5.5 }, 'fluxFillParams.guidance'],
    ['an unknown field', { mode: 'inpaint', mask: elsewhere, strength: 1 }, 'fluxFillParams.strength'],
  ])('refuses %s without charging', async (_, fields, path) => {
    const emulator = start();
    const { status, body } = await post(emulator, 'edit', edit(elsewhere, fields));
    expect([status, Object.keys(body.details)]).toEqual([400, [path]]);
    expect(emulator.charges()).toEqual([]);
  });

  it('takes no prompt beside the fields, and charges what the page says', async () => {
    const emulator = start();
    const body = edit(elsewhere, { mode: 'inpaint', mask: elsewhere });
    expect((await post(emulator, 'edit', { ...body, prompt: 'a door' })).body.details).toHaveProperty('prompt');
    expect((await post(emulator, 'edit', body)).status).toBe(202);
    expect(emulator.charges()).toMatchObject([{ model: 'flux-fill-pro', amount: 9, currency: 'credit' }]);
  });
});

describe('POST /v2/images/upscale', () => {
  const topaz = (image: string, fields: object = {}) => ({
    model: 'topaz-image-upscale',
    topazUpscaleParams: { image, ...fields },
  });

  it('enlarges by the factor, or by two', async () => {
    const emulator = start();
    const image = await dataUrl(60, 40);
    const clarity = {
      model: 'clarity-upscale',
      clarityUpscaleParams: { image, scale_factor: 8, output_format: 'webp' },
    };
    const sizes = [topaz(image), topaz(image, { upscale_factor: 4, output_format: 'jpg' }), clarity].map(async (body) =>
      measure(first(await apiframePictures(emulator, 'upscale', body))),
    );
    expect(await Promise.all(sizes)).toEqual(['120x80 png', '240x160 jpeg', '480x320 webp']);
  });

  it('measures what the emulator has drawn itself, and takes 1024 by 1024 for what it cannot see', async () => {
    const emulator = start();
    const seedreamParams = { size: 'custom', width: 1024, height: 1280 };
    const made = await post(emulator, 'generate', { model: 'seedream-4', prompt: 'a pond', seedreamParams });
    const [url] = (await apiframe(emulator, `jobs/${made.body.jobId}`)).body.result.images;
    const once = topaz(url, { upscale_factor: 1, output_format: 'jpg' });
    expect(await measure(first(await apiframePictures(emulator, 'upscale', once)))).toBe('1024x1280 jpeg');
    const unseen = topaz(elsewhere, { upscale_factor: 2, output_format: 'jpg' });
    expect(await measure(first(await apiframePictures(emulator, 'upscale', unseen)))).toBe('2048x2048 jpeg');
  });

  it('refuses a picture that nobody can read, and a factor that there is not', async () => {
    const emulator = start();
    const gone = `${new URL(emulator.apiframe.baseUrl).origin}/uploads/${crypto.randomUUID()}.png`;
    for (const image of [gone, 'data:image/png;base64,bm8=']) {
      expect((await post(emulator, 'upscale', topaz(image))).status).toBe(400);
    }
    const { details } = (await post(emulator, 'upscale', topaz(elsewhere, { upscale_factor: 3 }))).body;
    expect(details).toEqual({
      'topazUpscaleParams.upscale_factor': ['Invalid option: expected one of 1|2|4|6'],
    });
    expect((await post(emulator, 'upscale', { model: 'topaz-image-upscale' })).body.details).toHaveProperty(
      'topazUpscaleParams',
    );
    expect((await post(emulator, 'generate', { ...topaz(elsewhere), prompt: 'a' })).body.details).toHaveProperty(
      'model',
    );
    expect(emulator.charges()).toEqual([]);
  });
});

describe('POST /v2/images/background-remove', () => {
  it.each([
    [{ model: 'bria-bg-remove' }, 'briaBgRemoveParams', {}, '90x60 png', true],
    [{ model: '851-bg-remove' }, 'lab851BgRemoveParams', { background_type: 'rgba' }, '90x60 png', true],
    [{ model: '851-bg-remove' }, 'lab851BgRemoveParams', { background_type: 'green' }, '90x60 png', false],
    [{ model: '851-bg-remove' }, 'lab851BgRemoveParams', { format: 'jpg' }, '90x60 jpeg', false],
  ])('leaves the middle of the picture: %o, %s %o', async (model, params, fields, expected, clear) => {
    const body = { ...model, [params]: { image: await dataUrl(90, 60), ...fields } };
    const picture = first(await apiframePictures(start(), 'background-remove', body));
    expect(await measure(picture)).toBe(expected);
    const pixels = await sharp(picture).ensureAlpha().raw().toBuffer();
    const alpha = (x: number, y: number) => pixels[(y * 90 + x) * 4 + 3];
    expect([alpha(0, 0), alpha(45, 30)]).toEqual([clear ? 0 : 255, 255]);
  });
});

describe('POST /v2/images/midjourney/action', () => {
  const act = (emulator: Emulator, parentJobId: string, action: object): Promise<Answer> =>
    post(emulator, 'midjourney/action', { parentJobId, ...action });
  const grid = async (emulator: Emulator): Promise<string> =>
    (await post(emulator, 'generate', { model: 'midjourney', prompt: 'a fox' })).body.jobId;
  const resultOf = async (emulator: Emulator, id: string) => (await apiframe(emulator, `jobs/${id}`)).body.result;

  it('takes one picture out of a grid as it is', async () => {
    const emulator = start();
    const parent = await grid(emulator);
    const { status, body } = await act(emulator, parent, { action: 'upsample', index: 3 });
    expect(status).toBe(202);
    const one = await resultOf(emulator, body.jobId);
    expect(one).toEqual({ images: [expect.stringContaining(body.jobId)] });
    const { images } = await resultOf(emulator, parent);
    const [picture, same] = await Promise.all([download(emulator, one.images[0]), download(emulator, images[2])]);
    expect(picture.equals(same)).toBe(true);
    expect(emulator.charges()).toMatchObject([{ amount: 10 }, { amount: 4, model: 'midjourney' }]);
  });

  it('makes four new pictures of every other action', async () => {
    const emulator = start();
    const parent = await grid(emulator);
    const { jobId } = (await act(emulator, parent, { action: 'upsample', index: 1 })).body;
    const asked: [string, object, string][] = [
      [parent, { action: 'variation', index: 2 }, '1024x1024 png'],
      [jobId, { action: 'inpaint', mask: 'AAAA', prompt: 'a hat' }, '1024x1024 png'],
      [jobId, { action: 'outpaint', zoomRatio: 1.5 }, '1024x1024 png'],
      [jobId, { action: 'pan', direction: 'left' }, '1536x1024 png'],
    ];
    for (const [id, action, size] of asked) {
      const { body } = await act(emulator, id, action);
      const { images, gridUrl } = await resultOf(emulator, body.jobId);
      expect(images).toHaveLength(4);
      expect(await measure(await download(emulator, gridUrl))).toBe(size);
    }
    expect(emulator.charges().map(({ amount }) => amount)).toEqual([10, 4, 16, 16, 16, 16]);
  });

  it('refuses a parent that is of the wrong kind, unknown or not finished', async () => {
    const emulator = start();
    const parent = await grid(emulator);
    const { jobId } = (await act(emulator, parent, { action: 'upsample', index: 1 })).body;
    const other = (await post(emulator, 'generate', { model: 'seedream-4', prompt: 'a fox' })).body.jobId;
    emulator.inject({ on: 'submit', job: 'never' });
    const unfinished = await grid(emulator);
    const charged = emulator.charges().length;
    const wrong: [string, object][] = [
      [jobId, { action: 'upsample', index: 1 }],
      [parent, { action: 'pan', direction: 'up' }],
      [other, { action: 'upsample', index: 1 }],
      [unfinished, { action: 'upsample', index: 1 }],
      [crypto.randomUUID(), { action: 'variation', index: 1 }],
    ];
    for (const [id, action] of wrong) {
      const { status, body } = await act(emulator, id, action);
      expect([status, body.error]).toEqual([400, expect.stringMatching(/parent/i)]);
    }
    expect(emulator.charges()).toHaveLength(charged);
  });

  it.each([
    [{ action: 'upsample', index: 5 }, 'index'],
    [{ action: 'upsample', index: 1, prompt: 'a' }, 'prompt'],
    [{ action: 'outpaint', zoomRatio: 3 }, 'zoomRatio'],
    [{ action: 'inpaint' }, 'mask'],
    [{ action: 'zoom' }, 'action'],
    [{ action: 'pan', direction: 'up', parentJobId: 'seven' }, 'parentJobId'],
  ])('refuses %o', async (action, path) => {
    const emulator = start();
    const { status, body } = await act(emulator, crypto.randomUUID(), action);
    expect([status, Object.keys(body.details)]).toEqual([400, [path]]);
  });
});

describe('every operation on pictures', () => {
  const bodies: [string, object][] = [
    [
      'edit',
      { model: 'flux-fill-pro', fluxFillParams: { image: elsewhere, mask: elsewhere, mode: 'inpaint', prompt: 'a' } },
    ],
    ['upscale', { model: 'clarity-upscale', clarityUpscaleParams: { image: elsewhere } }],
    ['background-remove', { model: 'bria-bg-remove', briaBgRemoveParams: { image: elsewhere } }],
  ];

  it.each(bodies)('%s has a key that counts once, faults, and the jobs of others', async (path, body) => {
    const emulator = start();
    emulator.inject({ host: 'apiframe', on: 'submit', reset: 'after', others: { count: 1 } });
    const key = { 'Idempotency-Key': 'one' };
    await expect(apiframe(emulator, `images/${path}`, body, key)).rejects.toThrow('fetch failed');
    const again = await apiframe(emulator, `images/${path}`, body, key);
    expect(again.status).toBe(202);
    expect(emulator.charges().map(({ foreign = false }) => foreign)).toEqual([false, true]);
    const [own, others] = emulator.jobs();
    expect(own?.id).toBe(again.body.jobId);
    expect(others?.input).not.toEqual(own?.input);
  });

  it.each(bodies)('%s asks for the key and for credits', async (path, body) => {
    const emulator = start({ balance: { apiframe: 2 } });
    expect(await post(emulator, path, body)).toMatchObject({ status: 402, body: { creditsAvailable: 2 } });
    const init = { method: 'POST', body: JSON.stringify(body) };
    const response = await emulator.fetch(`${emulator.apiframe.baseUrl}/v2/images/${path}`, init);
    expect(response.status).toBe(401);
  });
});
