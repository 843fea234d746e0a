import { describe, expect, it } from 'vitest';
import { apiframe, dreamina, generate, start, wavespeed } from './harness.ts';

const seedream = 'bytedance/seedream-v4';
const list = async (emulator: ReturnType<typeof start>, query: object = {}) =>
  (await wavespeed(emulator, 'predictions', { page: 1, page_size: 100, include_inputs: true, ...query })).body.data;

describe('others who have the same key', () => {
  it('fill the list after an accepted submit, page after page', async () => {
    const emulator = start({ faults: [{ on: 'submit', others: { count: 150 } }] });
    const { id } = (await wavespeed(emulator, seedream, { prompt: 'mine' })).body.data;
    const first = await list(emulator);
    expect(first).toMatchObject({ total: 151 });
    expect(first.items.map((item: { id: string }) => item.id)).not.toContain(id);
    const second = await list(emulator, { page: 2 });
    expect(second.items.at(-1)).toMatchObject({ id, input: { prompt: 'mine' } });
    expect(emulator.charges().filter(({ foreign }) => foreign)).toHaveLength(150);
    expect(emulator.charges().find(({ jobId }) => jobId === id)).not.toHaveProperty('foreign');
  });

  it('ask in the very same words although the submit itself never arrived', async () => {
    const emulator = start();
    const lost = { on: 'submit', reset: 'before', others: { count: 1, same: true } } as const;
    emulator.inject({ host: 'wavespeed', ...lost }, { host: 'apiframe', ...lost });
    await expect(wavespeed(emulator, seedream, { prompt: 'ours' })).rejects.toThrow('fetch failed');
    await expect(generate(emulator, { prompt: 'ours' }, { 'idempotency-key': 'k' })).rejects.toThrow('fetch failed');
    expect(emulator.jobs()).toMatchObject([
      { host: 'wavespeed', foreign: true, input: { prompt: 'ours' } },
      { host: 'apiframe', foreign: true, input: { prompt: 'ours' } },
    ]);
    expect((await generate(emulator, { prompt: 'ours' }, { 'idempotency-key': 'k' })).status).toBe(202);
    expect(emulator.jobs()).toHaveLength(3);
  });
});

describe('a clock that differs', () => {
  it('shows in the Date header, the times of jobs and the window of the list', async () => {
    const emulator = start({ clockSkew: -600_000 });
    const before = Date.now();
    await wavespeed(emulator, seedream, { prompt: 'a' });
    const [job] = emulator.jobs();
    expect(Math.abs((job?.createdAt ?? 0) + 600_000 - before)).toBeLessThan(60_000);
    const { headers } = await emulator.fetch(`${emulator.apiframe.baseUrl}/v2/models`);
    expect(Math.abs(Date.parse(headers.get('date') ?? '') + 600_000 - before)).toBeLessThan(60_000);
    expect((await list(emulator, { created_after: new Date(before - 300_000).toISOString() })).total).toBe(0);
    expect((await list(emulator, { created_after: new Date(before - 900_000).toISOString() })).total).toBe(1);
  });
});

describe('a list that lags', () => {
  it('hides new jobs at Apiframe too', async () => {
    const emulator = start({ listLag: 600_000 });
    const { jobId } = (await generate(emulator)).body;
    expect((await apiframe(emulator, 'jobs')).body.jobs).toEqual([]);
    expect((await apiframe(emulator, `jobs/${jobId}`)).status).toBe(200);
  });
});

describe('a job that', () => {
  it('was deleted at the host is gone from the list, and its money does not come back', async () => {
    const emulator = start({ faults: [{ on: 'submit', job: 'deleted', times: 2 }] });
    const { id } = (await wavespeed(emulator, seedream, { prompt: 'a' })).body.data;
    const { jobId } = (await generate(emulator)).body;
    expect((await wavespeed(emulator, `predictions/${id}/result`)).body.data).toMatchObject({ status: 'deleted' });
    expect((await apiframe(emulator, `jobs/${jobId}`)).body).toMatchObject({ status: 'CANCELLED', creditCost: 3 });
    expect(await list(emulator)).toMatchObject({ total: 0 });
    expect(emulator.charges()).toMatchObject([{ refunded: false }, { refunded: false }]);
  });

  it('was cancelled without a refund stays charged', async () => {
    const emulator = start({ faults: [{ on: 'submit', job: 'cancelled-unrefunded', times: 2 }] });
    await wavespeed(emulator, dreamina, { prompt: 'a' });
    await generate(emulator);
    expect(emulator.jobs().map(({ status }) => status)).toEqual(['cancelled', 'CANCELLED']);
    expect(emulator.charges()).toMatchObject([{ refunded: false }, { refunded: false }]);
  });

  it('is said to have failed is completed when it is asked for again', async () => {
    const emulator = start({ faults: [{ on: 'submit', job: 'failed-then-completed', times: 2 }] });
    const { id } = (await wavespeed(emulator, seedream, { prompt: 'a' })).body.data;
    const { jobId } = (await generate(emulator)).body;
    const poll = async () => [
      (await wavespeed(emulator, `predictions/${id}/result`)).body.data,
      (await apiframe(emulator, `jobs/${jobId}`)).body,
    ];
    expect(await poll()).toMatchObject([
      { status: 'failed', outputs: [] },
      { status: 'FAILED', creditCost: 0, result: null },
    ]);
    const [prediction, job] = await poll();
    expect(prediction).toMatchObject({ status: 'completed', error: '' });
    expect(prediction.outputs).toHaveLength(1);
    expect(job).toMatchObject({ status: 'COMPLETED', creditCost: 3 });
    expect(emulator.charges()).toMatchObject([{ refunded: false }, { refunded: false }]);
  });
});
