import { type Fault, faultActions } from '@imageport/emulator';
import { describe, expect, it, vi } from 'vitest';
import {
  apiframe,
  caller,
  dreamina,
  type Emulator,
  generate,
  letPass,
  start,
  stopClock,
  wait,
  wavespeed,
} from './harness.ts';

const submit = (emulator: Emulator) => wavespeed(emulator, dreamina, { prompt: 'a' });

/** For what comes at once on a machine that has nothing else to do. */
const patience = { timeout: 60_000, interval: 5 };

/** The raw answer to a request for the balance, under a fault. */
async function probe(fault: Omit<Fault, 'on'>, init: RequestInit = {}) {
  const emulator = start({ faults: [{ on: 'probe', ...fault }] });
  const { baseUrl, apiKey } = emulator.wavespeed;
  const headers = { authorization: `Bearer ${apiKey}` };
  return emulator.fetch(`${baseUrl}/api/v3/balance`, { ...init, headers });
}

describe('planned faults', () => {
  it('hit the next request, or the n-th, or several in a row', async () => {
    const emulator = start();
    emulator.inject({ host: 'wavespeed', on: 'submit', nth: 3, status: 429 }, { on: 'submit', status: 503, times: 1 });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await submit(emulator)).status);
    expect(statuses).toEqual([503, 200, 429, 200]);
    emulator.inject({ on: 'submit', host: 'apiframe', status: 500, times: 2 });
    expect((await submit(emulator)).status).toBe(200);
    for (const expected of [500, 500, 202]) expect((await generate(emulator)).status).toBe(expected);
  });

  it('are reported while they have not happened', async () => {
    const emulator = start();
    const fault: Fault = { on: 'poll', status: 500, times: 3 };
    emulator.inject(fault, { on: 'probe', status: 500, times: Number.POSITIVE_INFINITY });
    await apiframe(emulator, `jobs/${crypto.randomUUID()}`);
    await apiframe(emulator, 'me');
    expect(emulator.unfired()).toEqual([{ fault, left: 2 }]);
    emulator.reset();
    expect(emulator.unfired()).toEqual([]);
  });

  it('are named in the log', async () => {
    const emulator = start({
      faults: [
        { on: 'submit', status: 503 },
        { name: 'S5', on: 'submit', status: 500 },
      ],
    });
    await submit(emulator);
    await submit(emulator);
    expect(emulator.requests().map(({ fault }) => fault)).toEqual(['submit: status 503', 'S5']);
  });

  it('carry actions from one list', () => {
    expect(new Set(faultActions).size).toBe(faultActions.length);
  });
});

describe('a spoilt answer', () => {
  it('replaces the true one, and then nothing was charged unless it says accepted', async () => {
    const emulator = start();
    emulator.inject({ on: 'submit', status: 500 }, { on: 'submit', status: 504, accepted: true });
    expect((await submit(emulator)).status).toBe(500);
    expect(emulator.charges()).toHaveLength(0);
    expect((await submit(emulator)).status).toBe(504);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('can be text, HTML, JSON, a redirect, or only other headers', async () => {
    expect(await (await probe({ body: '{"code":20' })).text()).toBe('{"code":20');
    const html = await probe({ status: 502, html: true });
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html']);
    const limited = await probe({ status: 429, headers: { 'retry-after': '7' }, body: { code: 429 } });
    expect([limited.headers.get('retry-after'), await limited.json()]).toEqual(['7', { code: 429 }]);
    const moved = await probe({ redirect: 'http://localhost:9/steal' }, { redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://localhost:9/steal']);
    const marked = await probe({ headers: { 'x-request-id': 'r1' } });
    expect([marked.status, marked.headers.get('x-request-id')]).toEqual([200, 'r1']);
    expect(await (await probe({ body: null })).json()).toBeNull();
    expect((await probe({ status: 204 })).status).toBe(204);
  });

  it('can be the true one, patched', async () => {
    const emulator = start({
      faults: [{ on: 'submit', patch: (json) => ({ ...json, data: { ...json.data, id: 7 } }) }],
    });
    expect((await submit(emulator)).body.data.id).toBe(7);
    expect(emulator.charges()).toHaveLength(1);
  });

  it('can hold other bytes under another type', async () => {
    const emulator = start({ faults: [{ on: 'output', bytes: new Uint8Array([1, 2]), contentType: 'image/svg+xml' }] });
    await submit(emulator);
    const response = await emulator.fetch(emulator.jobs()[0]?.outputs[0] ?? '');
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  });
});

describe('a spoilt connection', () => {
  it.each([
    [{ reset: 'before' }, 'ECONNRESET', 0],
    [{ reset: 'after' }, 'ECONNRESET', 1],
    [{ refuse: true }, 'ECONNREFUSED', 0],
  ] as const)('rejects like fetch does: %o', async (action, code, charges) => {
    const emulator = start({ faults: [{ on: 'submit', ...action }] });
    await expect(submit(emulator)).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { code },
    });
    expect(emulator.charges()).toHaveLength(charges);
  });

  it('hangs until the caller leaves, with the job accepted', async () => {
    const emulator = start({ faults: [{ on: 'submit', hang: true }] });
    const { signal, leave } = caller();
    const left = expect(wavespeed(emulator, dreamina, { prompt: 'a' }, signal)).rejects.toThrow('the caller has left');
    await vi.waitUntil(() => emulator.charges().length === 1, patience);
    leave();
    await left;
    expect(emulator.charges()).toHaveLength(1);
  });

  it('ends a hanging request when the emulator closes', async () => {
    const emulator = start({ faults: [{ on: 'submit', hang: true }] });
    const hanging = expect(submit(emulator)).rejects.toThrow('fetch failed');
    await vi.waitUntil(() => emulator.charges().length === 1, patience);
    await emulator.close();
    await hanging;
  });

  it('delays the answer, or the acceptance even of a caller who has left', async () => {
    stopClock();
    const emulator = start({
      faults: [
        { on: 'submit', delay: 30 },
        { on: 'submit', delay: 30, accepted: false },
      ],
    });
    expect((await letPass(submit(emulator))).took).toBe(30);
    const { signal, leave } = caller();
    const left = expect(wavespeed(emulator, dreamina, { prompt: 'a' }, signal)).rejects.toThrow('the caller has left');
    await wait(5);
    leave();
    await left;
    expect(emulator.charges()).toHaveLength(1);
    await wait(25);
    expect(emulator.charges()).toHaveLength(2);
  });
});

describe('a spoilt body', () => {
  it('drips', async () => {
    stopClock();
    const response = await probe({ drip: { bytes: 20, every: 10 } });
    const { value, took } = await letPass(response.text());
    expect(JSON.parse(value)).toMatchObject({ code: 200 });
    expect(took).toBe(10 * Math.ceil(value.length / 20 - 1));
  });

  it('stalls until the reader leaves', async () => {
    const { signal, leave } = caller();
    const stalled = await probe({ stall: true }, { signal });
    expect(stalled.status).toBe(200);
    const left = expect(stalled.text()).rejects.toThrow('the caller has left');
    leave();
    await left;
  });

  it('is cut, or just short when the length says so', async () => {
    await expect((await probe({ truncate: 9 })).text()).rejects.toThrow('terminated');
    expect(await (await probe({ truncate: 9, contentLength: 9 })).text()).toBe('{"code":2');
    await expect((await probe({ contentLength: 9999 })).text()).rejects.toThrow('terminated');
  });

  it('never ends', async () => {
    const reader = (await probe({ endless: true })).body?.getReader();
    let received = 0;
    while (received < 1e6) received += (await reader?.read())?.value?.length ?? 0;
    await reader?.cancel();
  });

  it('inflates', async () => {
    const response = await probe({ bomb: 3_000_000 });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect((await response.arrayBuffer()).byteLength).toBe(3_000_000);
  });
});

describe('a job under a fault', () => {
  it.each([
    ['fail', 'failed', 'FAILED', true],
    ['fail-unrefunded', 'failed', 'FAILED', false],
    ['moderated', 'failed', 'FAILED', true],
    ['cancelled', 'cancelled', 'CANCELLED', true],
    ['never', 'processing', 'PROCESSING', false],
    ['empty', 'completed', 'COMPLETED', false],
    ['expired', 'completed', 'COMPLETED', false],
  ] as const)('ends as %s at both hosts', async (job, atWavespeed, atApiframe, refunded) => {
    const emulator = start({ faults: [{ on: 'submit', job, times: 2 }] });
    await submit(emulator);
    await generate(emulator);
    expect(emulator.jobs().map(({ status }) => status)).toEqual([atWavespeed, atApiframe]);
    expect(emulator.charges().map((charge) => charge.refunded)).toEqual([refunded, refunded]);
    for (const url of job === 'expired' ? emulator.jobs().flatMap(({ outputs }) => outputs) : []) {
      expect((await emulator.fetch(url)).status).toBe(410);
    }
  });

  it('is flagged at WaveSpeed and denied at Apiframe when it is indecent', async () => {
    const emulator = start({ faults: [{ on: 'submit', job: 'nsfw', times: 2 }] });
    expect((await submit(emulator)).body.data.has_nsfw_contents).toEqual([true]);
    const { jobId } = (await generate(emulator)).body;
    expect((await apiframe(emulator, `jobs/${jobId}`)).body.error).toMatch(/image filters/);
  });

  it('carries code 1200 when moderated, or the text that was given', async () => {
    const emulator = start();
    emulator.inject({ on: 'submit', job: 'moderated' }, { on: 'submit', job: 'fail', error: 'No available capacity' });
    expect((await submit(emulator)).body.data.code).toBe(1200);
    expect((await submit(emulator)).body.data).toMatchObject({ code: 1405, error: 'No available capacity' });
  });

  it('is done at once although jobs take long, or leaves its sync wait early', async () => {
    const emulator = start({ generationTime: { fixed: 60_000 } });
    emulator.inject({ on: 'submit', job: 'completed-at-once' }, { on: 'submit', syncTimeout: true });
    expect((await submit(emulator)).body.data.status).toBe('completed');
    const { data } = (await wavespeed(emulator, dreamina, { prompt: 'a', enable_sync_mode: true })).body;
    expect(data).toMatchObject({ status: 'processing', code: 5004 });
  });
});
