import { createApiframe } from '@imageport/apiframe';
import { createWavespeed } from '@imageport/wavespeed';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { generateImage, ImageError } from '../src/index.ts';

// The engine at the level of the wire: headers, statuses and bodies as they stand in the providers' documents.
const unmatched: unknown[] = [];
const remember = (request: unknown): void => void unmatched.push(request);

beforeAll(() => {
  nock.disableNetConnect();
  // nock answers 501 to what it does not know, which a client rightly takes for an outage.
  nock.emitter.on('no match', remember);
});
beforeEach(() => unmatched.splice(0));
afterEach(() => {
  expect(unmatched).toEqual([]);
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.emitter.off('no match', remember);
  nock.restore();
});

const wavespeed = createWavespeed({ apiKey: 'ws-key' });
const apiframe = createApiframe({ apiKey: 'afk_key' });
const request = { prompt: 'a lighthouse', interval: 1 };

const prediction = (more: object): object => ({
  code: 200,
  message: 'success',
  data: {
    id: 'e6832d4abffb4d79bfbca19783fca133',
    model: 'bytedance/seedream-v4',
    outputs: [],
    status: 'created',
    ...more,
  },
});

test('WaveSpeed: a bearer key, one flat body, then the result by id', async () => {
  const host = nock('https://api.wavespeed.ai', { reqheaders: { authorization: 'Bearer ws-key' } });
  host
    .post('/api/v3/bytedance/seedream-v4', { prompt: 'a lighthouse', size: '1024*1024' })
    .matchHeader('content-type', 'application/json')
    .reply(200, prediction({}));
  host
    .get('/api/v3/predictions/e6832d4abffb4d79bfbca19783fca133/result')
    .reply(
      200,
      prediction({ status: 'completed', outputs: ['https://example.com/a.jpeg'], has_nsfw_contents: [true] }),
    );
  const { images, warnings, cost } = await generateImage({
    model: wavespeed('seedream-4'),
    size: '1024*1024',
    ...request,
  });
  expect(images[0]).toMatchObject({ url: 'https://example.com/a.jpeg', flagged: true });
  expect(warnings.join()).toContain('flagged');
  expect(cost).toMatchObject({ amount: 0.027, currency: 'USD', source: 'listed', asOf: expect.any(String) });
});

test('Apiframe: its own key header, an idempotency key, 202, then the job', async () => {
  const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';
  const host = nock('https://api.apiframe.ai', { reqheaders: { 'x-api-key': 'afk_key' } });
  host
    .post('/v2/images/generate', {
      model: 'seedream-4',
      prompt: 'a lighthouse',
      seedreamParams: { size: '4K', aspect_ratio: '16:9' },
    })
    .matchHeader('idempotency-key', /^[\x21-\x7e]{1,255}$/)
    .reply(202, { jobId: id, status: 'QUEUED' });
  host.get(`/v2/jobs/${id}`).reply(200, { id, status: 'PROCESSING', progress: 40, error: null, creditCost: 3 });
  host.get(`/v2/jobs/${id}`).reply(200, {
    id,
    status: 'COMPLETED',
    progress: 100,
    result: { images: ['https://example.com/a.png'] },
    creditCost: 3,
  });
  const result = await generateImage({
    model: apiframe('seedream-4'),
    aspectRatio: '16:9',
    resolution: '4K',
    ...request,
  });
  expect(result.images[0]?.url).toBe('https://example.com/a.png');
  expect(result.cost).toEqual({ amount: 3, currency: 'credit', source: 'reported' });
});

test('an HTTP 200 whose body says 403 is a refusal', async () => {
  nock('https://api.wavespeed.ai').post(/./).reply(200, { code: 403, message: 'insufficient role' });
  const error = await generateImage({ model: wavespeed('seedream-4'), ...request }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unauthenticated', billed: 'no', httpStatus: 200 });
  expect(String(error)).toContain('insufficient role');
});

test('a key that the host quotes back does not get into the error', async () => {
  nock('https://api.apiframe.ai').post(/./).reply(401, { error: 'Invalid API key afk_key for prompt a lighthouse' });
  const error = await generateImage({ model: apiframe('seedream-4'), ...request }).catch((thrown: unknown) => thrown);
  expect(ImageError.is(error)).toBe(true);
  expect(String(error)).not.toContain('afk_key');
  expect(String(error)).not.toContain('a lighthouse');
});

test('an empty account says what is missing and that nothing was spent', async () => {
  nock('https://api.apiframe.ai')
    .post(/./)
    .reply(402, { error: 'Insufficient credits', creditsRequired: 3, creditsAvailable: 0 });
  const error = await generateImage({ model: apiframe('seedream-4'), ...request }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'insufficient_credit', billed: 'no', httpStatus: 402 });
});
