import { connect } from 'node:net';
import type { Fault } from '@imageport/emulator';
import { describe, expect, it, vi } from 'vitest';
import { apiframe, caller, dreamina, type Emulator, start, wavespeed } from './harness.ts';

/** The answer to a request for the balance over a real socket, under a fault. */
async function probe(fault: Omit<Fault, 'on'>, init: RequestInit = {}) {
  const emulator = start({ faults: [{ on: 'probe', ...fault }] });
  await emulator.listen();
  const { baseUrl, apiKey } = emulator.wavespeed;
  return fetch(`${baseUrl}/api/v3/balance`, { ...init, headers: { authorization: `Bearer ${apiKey}` } });
}

/** Until a request has come. */
const heard = (emulator: Emulator) =>
  vi.waitUntil(() => emulator.requests().length > 0, { timeout: 60_000, interval: 5 });

describe('over real sockets', () => {
  it('both hosts answer, and their addresses point back to the same port', async () => {
    const emulator = start();
    const { url } = await emulator.listen();
    const { data } = (await wavespeed(emulator, dreamina, { prompt: 'a' })).body;
    expect(emulator.wavespeed).toEqual({ apiKey: expect.any(String), baseUrl: `${url}/wavespeed` });
    expect(data.urls.get).toBe(`${url}/wavespeed/api/v3/predictions/${data.id}/result`);
    const picture = await fetch(data.outputs[0]);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(Number(picture.headers.get('content-length'))).toBe((await picture.arrayBuffer()).byteLength);
    expect((await apiframe(emulator, 'me')).status).toBe(200);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('a reset %s acceptance is a reset, with %i jobs charged', async (reset, charges) => {
    const emulator = start({ faults: [{ on: 'submit', reset }] });
    await emulator.listen();
    const submit = wavespeed(emulator, dreamina, { prompt: 'a' });
    await expect(submit).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(emulator.charges()).toHaveLength(charges);
  });

  it('a hanging answer ends when the caller leaves', async () => {
    const emulator = start({ faults: [{ on: 'probe', hang: true }] });
    await emulator.listen();
    const { signal, leave } = caller();
    const hanging = fetch(`${emulator.wavespeed.baseUrl}/api/v3/balance`, { signal });
    const left = expect(hanging).rejects.toThrow('the caller has left');
    await heard(emulator);
    leave();
    await left;
  });

  it('a body drips, stalls, is cut, or is just short', async () => {
    expect(await (await probe({ drip: { bytes: 20, every: 5 } })).json()).toMatchObject({ code: 200 });
    const { signal, leave } = caller();
    const stalled = await probe({ stall: true }, { signal });
    const left = expect(stalled.text()).rejects.toThrow('the caller has left');
    leave();
    await left;
    await expect((await probe({ truncate: 9 })).text()).rejects.toThrow('terminated');
    await expect((await probe({ contentLength: 9999 })).text()).rejects.toThrow('terminated');
    expect(await (await probe({ truncate: 9, contentLength: 9 })).text()).toBe('{"code":2');
  });

  it('a body never ends, or inflates', async () => {
    const reader = (await probe({ endless: true })).body?.getReader();
    let received = 0;
    while (received < 1e6) received += (await reader?.read())?.value?.length ?? 0;
    await reader?.cancel();
    expect((await (await probe({ bomb: 3_000_000 })).arrayBuffer()).byteLength).toBe(3_000_000);
  });

  it('closing ends what is open and frees the port', async () => {
    const emulator = start({ faults: [{ on: 'probe', hang: true }] });
    const { port } = await emulator.listen();
    const hanging = expect(apiframe(emulator, 'me')).rejects.toThrow();
    await heard(emulator);
    await emulator.close();
    await hanging;
    const again = new Promise((resolve, reject) =>
      connect(port, '127.0.0.1').once('connect', resolve).once('error', reject),
    );
    await expect(again).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
