import { describe, expect, it } from 'vitest';
import { dreamina, letPass, start, stopClock, wait, wavespeed } from './harness.ts';

describe('the WaveSpeed API', () => {
  it('accepts a bearer key and nothing else', async () => {
    const { fetch, wavespeed: options } = start();
    const look = async (headers: Record<string, string>) =>
      (await fetch(`${options.baseUrl}/api/v3/balance`, { headers })).status;
    expect(await look({ authorization: `Bearer ${options.apiKey}` })).toBe(200);
    expect(await look({})).toBe(401);
    expect(await look({ authorization: options.apiKey })).toBe(401);
    expect(await look({ 'x-api-key': options.apiKey })).toBe(401);
  });

  it('drops undeclared fields without a word and charges the run', async () => {
    const emulator = start();
    const { status, body } = await wavespeed(emulator, 'bytedance/seedream-v4', { prompt: 'a', width: 512, seed: 7 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ code: 200, message: 'success', data: { model: 'bytedance/seedream-v4' } });
    expect(emulator.charges()).toMatchObject([{ host: 'wavespeed', amount: 0.027, currency: 'USD', refunded: false }]);
    expect(emulator.jobs()[0]?.input).toEqual({ prompt: 'a', width: 512, seed: 7 });
  });

  it('refuses an unknown model, a missing prompt and a wrong type without charging', async () => {
    const emulator = start();
    expect((await wavespeed(emulator, 'nobody/nothing', { prompt: 'a' })).status).toBe(404);
    expect((await wavespeed(emulator, dreamina, {})).status).toBe(400);
    expect((await wavespeed(emulator, dreamina, { prompt: 'a', seed: 'seven' })).status).toBe(400);
    expect(emulator.charges()).toEqual([]);
  });

  it('moves from created over processing to completed', async () => {
    stopClock();
    const emulator = start({ generationTime: { fixed: 60 } });
    const { body } = await wavespeed(emulator, dreamina, { prompt: 'a' });
    expect(body.data).toMatchObject({ status: 'created', outputs: [] });
    const look = async () => (await wavespeed(emulator, `predictions/${body.data.id}/result`)).body.data;
    await wait(25);
    expect((await look()).status).toBe('processing');
    await wait(50);
    expect(await look()).toMatchObject({ status: 'completed', has_nsfw_contents: [false], error: '' });
    expect((await look()).outputs).toHaveLength(1);
  });

  it('holds a sync submit until the picture is done, on models that have the mode', async () => {
    stopClock();
    const emulator = start({ generationTime: { fixed: 30_000 }, syncWindow: 60_000 });
    const sync = { prompt: 'a', enable_sync_mode: true };
    const { value, took } = await letPass(wavespeed(emulator, dreamina, sync));
    expect(value.body.data.status).toBe('completed');
    expect(took).toBeGreaterThanOrEqual(30_000);
    expect((await wavespeed(emulator, 'bytedance/seedream-v3.1', sync)).body.data.status).toBe('created');
  });

  it('answers 5004 with the id when the sync window ends first', async () => {
    stopClock();
    const emulator = start({ generationTime: { fixed: 60_000 }, syncWindow: 20_000 });
    const { value, took } = await letPass(wavespeed(emulator, dreamina, { prompt: 'a', enable_sync_mode: true }));
    const { status, body } = value;
    expect(status).toBe(200);
    expect(took).toBe(20_000);
    expect(body.data).toMatchObject({ id: emulator.jobs()[0]?.id, status: 'processing', code: 5004 });
    expect(body.data.urls.get).toContain(body.data.id);
  });

  it('answers naked base64 on request, but not together with a webhook', async () => {
    const emulator = start();
    const input = { prompt: 'a', size: '512*512', enable_base64_output: true };
    const { body } = await wavespeed(emulator, dreamina, input);
    expect(Buffer.from(body.data.outputs[0], 'base64').subarray(0, 3).toString('hex')).toBe('ffd8ff');
    const refused = await wavespeed(emulator, `${dreamina}?webhook=http%3A%2F%2Flocalhost%2Fhook`, input);
    expect(refused).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });

  it('lists newest first, filtered, with inputs only when asked', async () => {
    const emulator = start();
    for (const prompt of ['one', 'two', 'three']) await wavespeed(emulator, dreamina, { prompt });
    await wavespeed(emulator, 'bytedance/seedream-v4', { prompt: 'other' });
    const query = { page: 1, page_size: 2, model: dreamina, include_inputs: true };
    const { data } = (await wavespeed(emulator, 'predictions', query)).body;
    expect(data).toMatchObject({
      page: 1,
      total: 3,
      items: [{ input: { prompt: 'three' } }, { input: { prompt: 'two' } }],
    });
    const plain = (await wavespeed(emulator, 'predictions', { page: 2, page_size: 3 })).body.data.items;
    expect(plain).toHaveLength(1);
    expect(plain[0]).not.toHaveProperty('input');
    expect((await wavespeed(emulator, 'predictions', { page: 1 })).status).toBe(400);
    const future = { page: 1, page_size: 9, created_after: new Date(Date.now() + 9e6).toISOString() };
    expect((await wavespeed(emulator, 'predictions', future)).body.data.items).toEqual([]);
  });

  it('shows a new job in the list only after the lag', async () => {
    stopClock();
    const emulator = start({ listLag: 40 });
    await wavespeed(emulator, dreamina, { prompt: 'a' });
    const count = async () => (await wavespeed(emulator, 'predictions', { page: 1, page_size: 9 })).body.data.total;
    expect(await count()).toBe(0);
    await wait(60);
    expect(await count()).toBe(1);
  });

  it('forgets deleted predictions', async () => {
    const emulator = start();
    const { id } = (await wavespeed(emulator, dreamina, { prompt: 'a' })).body.data;
    expect((await wavespeed(emulator, 'predictions/delete', { ids: [id] })).body.data.deleted_count).toBe(1);
    expect((await wavespeed(emulator, 'predictions', { page: 1, page_size: 9 })).body.data.items).toEqual([]);
    expect((await wavespeed(emulator, `predictions/${id}/result`)).body.data.status).toBe('deleted');
  });

  it('names prices, the models with their schema, and the balance', async () => {
    const emulator = start({ balance: { wavespeed: 0.1 } });
    const price = { model_id: 'bytedance/seedream-v5.0-pro', inputs: { resolution: '2k' } };
    expect((await wavespeed(emulator, 'model/price', price)).body.data.discounted_price).toBe(0.09);
    expect((await wavespeed(emulator, 'model/pricing', { model_id: dreamina })).body.data.unit_price).toBe(0.027);
    const seedream = 'bytedance/seedream-v4';
    const { data } = (await wavespeed(emulator, 'models')).body;
    const model = data.find((entry: { model_id: string }) => entry.model_id === seedream);
    expect(model.api_schema.api_schemas[0]).toMatchObject({
      api_path: `/api/v3/${seedream}`,
      request_schema: { required: ['prompt'], properties: { size: { default: '2048*2048' } } },
    });
    for (let index = 0; index < 3; index += 1) await wavespeed(emulator, dreamina, { prompt: 'a' });
    expect((await wavespeed(emulator, 'balance')).body.data.balance).toBe(0.019);
    expect((await wavespeed(emulator, dreamina, { prompt: 'a' })).status).toBe(402);
    expect(emulator.charges()).toHaveLength(3);
  });

  it('charges each picture of a sequence', async () => {
    const emulator = start();
    const sequence = 'bytedance/seedream-v4/sequential';
    const { body } = await wavespeed(emulator, sequence, { prompt: 'three frogs', max_images: 3 });
    expect(body.data.outputs).toHaveLength(3);
    expect(emulator.charges()[0]?.amount).toBeCloseTo(0.081);
  });

  it('records the deduction of a failed job and then its refund', async () => {
    stopClock();
    const emulator = start({ refundDelay: 40, faults: [{ on: 'submit', job: 'fail' }] });
    const { id, status } = (await wavespeed(emulator, dreamina, { prompt: 'a' })).body.data;
    expect(status).toBe('failed');
    const types = async () => {
      const found = await wavespeed(emulator, 'billings/search', { page: 1, page_size: 9, prediction_uuids: [id] });
      return found.body.data.items.map((item: { billing_type: string }) => item.billing_type);
    };
    expect(await types()).toEqual(['deduct']);
    expect(emulator.charges()[0]?.refunded).toBe(false);
    await wait(60);
    expect(await types()).toEqual(['refund', 'deduct']);
    expect(emulator.charges()[0]?.refunded).toBe(true);
  });

  it('takes uploads in one step, or with a ticket that needs no key', async () => {
    const emulator = start();
    const { apiKey, baseUrl } = emulator.wavespeed;
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    const body = new FormData();
    body.set('file', new File([png], 'pond.png'));
    const headers = { authorization: `Bearer ${apiKey}` };
    const sent = await emulator.fetch(`${baseUrl}/api/v3/media/upload/binary`, { method: 'POST', headers, body });
    expect(await sent.json()).toMatchObject({ data: { type: 'image', filename: 'pond.png', size: 8 } });
    const ticket = { filename: 'pond.png', size: 8, content_type: 'image/png' };
    const { data } = (await wavespeed(emulator, 'media/uploads', ticket)).body;
    const put = await emulator.fetch(data.upload.url, { method: 'PUT', headers: data.upload.headers, body: png });
    expect(put.status).toBe(200);
    const back = await emulator.fetch(data.download_url);
    expect(back.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await back.arrayBuffer()).equals(png)).toBe(true);
  });
});
