import { describe, expect, it } from 'vitest';
import { recorded } from '../catalogue/recorded.ts';
import { apiframe, generate, start, stopClock, wait } from './harness.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the Apiframe API', () => {
  it('accepts its key header and says what is wrong with others', async () => {
    const { fetch, apiframe: options } = start();
    const look = async (headers: Record<string, string>) => {
      const response = await fetch(`${options.baseUrl}/v2/me`, { headers });
      return [response.status, ((await response.json()) as { error?: string }).error];
    };
    expect(await look({ 'x-api-key': options.apiKey })).toEqual([200, undefined]);
    expect(await look({})).toEqual([401, 'API key is required']);
    expect(await look({ 'x-api-key': 'afk_wrong' })).toEqual([401, 'Invalid API key']);
    expect(await look({ authorization: `Bearer ${options.apiKey}` })).toEqual([401, 'API key is required']);
  });

  it('answers 202 with a job id and never with a result', async () => {
    const { status, body } = await generate(start());
    expect(status).toBe(202);
    expect(body).toEqual({ jobId: expect.stringMatching(uuid), status: 'QUEUED' });
  });

  it.each([
    ['an unknown top-level key', { sync: true }, 'sync'],
    ['an unknown parameter', { seedreamParams: { bogus: 1 } }, 'seedreamParams.bogus'],
    ["another family's parameters", { fluxParams: {} }, 'fluxParams'],
    ['an empty prompt', { prompt: '' }, 'prompt'],
    ['an overlong prompt', { prompt: 'a'.repeat(2001) }, 'prompt'],
    ['an unknown model', { model: 'seedream-5' }, 'model'],
    ['a width out of range', { seedreamParams: { width: 100 } }, 'seedreamParams.width'],
    [
      'a reference picture that is no address',
      { seedreamParams: { image_input: ['x y'] } },
      'seedreamParams.image_input',
    ],
    ['a missing required parameter', { model: 'flux-lora', fluxLoraParams: {} }, 'fluxLoraParams.loraId'],
    ['a missing required params object', { model: 'flux-lora' }, 'fluxLoraParams'],
    ['an unknown webhook event', { webhookEvents: ['sometimes'] }, 'webhookEvents'],
  ])('refuses %s without charging', async (_, change, path) => {
    const emulator = start();
    const { status, body } = await generate(emulator, change);
    expect(status).toBe(400);
    expect(Object.keys(body.details)).toContain(path);
    expect(emulator.charges()).toEqual([]);
  });

  it('takes a longer prompt on the models that do', async () => {
    expect((await generate(start(), { model: 'wan-image-2.7', prompt: 'a'.repeat(5000) })).status).toBe(202);
  });

  it('reports progress, the result and the input of a job', async () => {
    stopClock();
    const emulator = start({ generationTime: { fixed: 80 } });
    const { jobId } = (await generate(emulator)).body;
    const look = async () => (await apiframe(emulator, `jobs/${jobId}`)).body;
    expect(await look()).toMatchObject({ status: 'QUEUED', progress: 0, result: null, completedAt: null });
    await wait(40);
    const running = await look();
    expect(running.status).toBe('PROCESSING');
    expect(running.progress).toBeGreaterThan(0);
    await wait(60);
    expect(await look()).toMatchObject({
      id: jobId,
      status: 'COMPLETED',
      progress: 100,
      result: { images: [expect.stringContaining(`/outputs/${jobId}-1.png`)] },
      error: null,
      creditCost: 3,
      expired: false,
      input: { model: 'seedream-4', prompt: 'a pond' },
    });
  });

  it('tells a malformed id from an unknown one', async () => {
    const emulator = start();
    expect((await apiframe(emulator, 'jobs/seven')).status).toBe(400);
    expect((await apiframe(emulator, `jobs/${crypto.randomUUID()}`)).status).toBe(404);
  });

  it('returns the original job with its present status when a key comes again', async () => {
    stopClock();
    const emulator = start({ generationTime: { fixed: 50 } });
    const key = { 'Idempotency-Key': 'request-1' };
    const first = await generate(emulator, {}, key);
    await wait(70);
    expect(await generate(emulator, {}, key)).toEqual({
      status: 202,
      body: { jobId: first.body.jobId, status: 'COMPLETED' },
    });
    expect(emulator.charges()).toHaveLength(1);
    expect(emulator.jobs()[0]?.idempotencyKey).toBe('request-1');
  });

  it('answers 409 when a key comes again with another body, and 400 when it is too long', async () => {
    const emulator = start();
    await generate(emulator, {}, { 'Idempotency-Key': 'request-1' });
    expect((await generate(emulator, { prompt: 'else' }, { 'Idempotency-Key': 'request-1' })).status).toBe(409);
    expect((await generate(emulator, {}, { 'Idempotency-Key': 'k'.repeat(256) })).status).toBe(400);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('says how many credits are missing', async () => {
    const emulator = start({ balance: { apiframe: 5 } });
    expect((await generate(emulator)).status).toBe(202);
    expect(await generate(emulator)).toEqual({
      status: 402,
      body: { error: 'Insufficient credits', creditsRequired: 3, creditsAvailable: 2 },
    });
    expect((await apiframe(emulator, 'me')).body.team.credits).toBe(2);
  });

  it('refunds a failed job', async () => {
    const emulator = start({ balance: { apiframe: 100 } });
    emulator.inject({ on: 'submit', job: 'moderated' }, { on: 'submit', job: 'fail-unrefunded' });
    const [refunded, kept] = [await generate(emulator), await generate(emulator)];
    expect((await apiframe(emulator, `jobs/${refunded.body.jobId}`)).body).toMatchObject({
      status: 'FAILED',
      creditCost: 0,
      error: expect.stringContaining('content policy'),
    });
    expect((await apiframe(emulator, `jobs/${kept.body.jobId}`)).body).toMatchObject({
      status: 'FAILED',
      creditCost: 3,
    });
    expect(emulator.charges().map((charge) => charge.refunded)).toEqual([true, false]);
    expect((await apiframe(emulator, 'me')).body.team.credits).toBe(97);
  });

  it('pages through the list, newest first', async () => {
    const emulator = start();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.unshift((await generate(emulator)).body.jobId);
    const first = (await apiframe(emulator, 'jobs?limit=3')).body;
    await generate(emulator);
    const second = (await apiframe(emulator, `jobs?limit=3&cursor=${first.nextCursor}`)).body;
    const listed = [...first.jobs, ...second.jobs].map((job: { id: string }) => job.id);
    expect(listed).toEqual(ids);
    expect(second).toMatchObject({ nextCursor: null, hasMore: false });
    expect((await apiframe(emulator, `jobs?search=${ids[2]}`)).body.jobs).toHaveLength(1);
    expect((await apiframe(emulator, 'jobs?status=DONE')).status).toBe(400);
    expect((await apiframe(emulator, 'jobs?scope=team')).status).toBe(403);
  });

  it('lists its models to anybody', async () => {
    const { fetch, apiframe: options } = start();
    const { models } = (await (await fetch(`${options.baseUrl}/v2/models`)).json()) as { models: { id: string }[] };
    expect(models.map(({ id }) => id)).toContain('seedream-5-lite');
    const known = recorded('apiframe').models.filter(({ action, goneBy }) => action === 'generate' && !goneBy);
    expect(models).toHaveLength(known.length);
  });

  it('judges an upload by its bytes', async () => {
    const { fetch, apiframe: options } = start();
    const upload = async (bytes: string) => {
      const body = new FormData();
      body.set('file', new File([Buffer.from(bytes, 'latin1')], 'picture.gif', { type: 'image/gif' }));
      return fetch(`${options.baseUrl}/v2/uploads`, { method: 'POST', headers: { 'x-api-key': options.apiKey }, body });
    };
    const sent = await upload('\x89PNG\r\n\x1a\n');
    expect(sent.status).toBe(201);
    expect(await sent.json()).toMatchObject({ kind: 'image', contentType: 'image/png', byteSize: 8 });
    expect((await upload('just text')).status).toBe(400);
  });
});
