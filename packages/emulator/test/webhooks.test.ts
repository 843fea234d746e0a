import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { apiframe, dreamina, generate, start, wavespeed } from './harness.ts';

interface Received {
  readonly headers: Headers;
  readonly body: string;
}

/** A receiver that answers these statuses, one after the other, and then 200. */
function receiver(...statuses: number[]) {
  const received: Received[] = [];
  const deliver = async (_url: string, init: RequestInit) => {
    received.push({ headers: new Headers(init.headers), body: String(init.body) });
    return new Response(null, { status: statuses.shift() ?? 200 });
  };
  return { received, deliver };
}

/** For what comes at once on a machine that has nothing else to do. */
const patience = { timeout: 60_000, interval: 5 };

const hook = 'https://app.example/hook';

describe('the webhooks', () => {
  it('of WaveSpeed carry the bare prediction and a signature over id, time and body', async () => {
    const { received, deliver } = receiver();
    const emulator = start({ deliver });
    const { id } = (await wavespeed(emulator, `${dreamina}?webhook=${encodeURIComponent(hook)}`, { prompt: 'a' })).body
      .data;
    await vi.waitFor(() => expect(received).toHaveLength(1), patience);
    const [{ headers, body } = { headers: new Headers(), body: '' }] = received;
    expect(JSON.parse(body)).toMatchObject({ id, status: 'completed', input: { prompt: 'a' } });
    const { secret } = (await wavespeed(emulator, 'webhook/secret')).body.data;
    const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`;
    const digest = createHmac('sha256', secret.replace('whsec_', '')).update(signed).digest('hex');
    expect(headers.get('webhook-signature')).toBe(`v3,${digest}`);
  });

  it('of Apiframe tell the end of an operation on a picture too', async () => {
    const { received, deliver } = receiver();
    const emulator = start({ deliver });
    const body = { model: 'bria-bg-remove', briaBgRemoveParams: { image: hook }, webhookUrl: hook };
    const { jobId } = (await apiframe(emulator, 'images/background-remove', body)).body;
    await vi.waitFor(() => expect(received).toHaveLength(1), patience);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      event: 'completed',
      jobId,
      model: 'bria-bg-remove',
      result: { images: [expect.stringContaining(jobId)] },
    });
  });

  it.each(['digest', 'hex'] as const)(
    'of Apiframe are signed with the %s form of the hashed key',
    async (apiframeKey) => {
      const { received, deliver } = receiver();
      const emulator = start({ deliver, webhookDelivery: { apiframeKey } });
      const { jobId } = (await generate(emulator, { webhookUrl: hook })).body;
      await vi.waitFor(() => expect(received).toHaveLength(1), patience);
      const [{ headers, body } = { headers: new Headers(), body: '' }] = received;
      expect(JSON.parse(body)).toMatchObject({ event: 'completed', jobId, status: 'COMPLETED', progress: 100 });
      expect(headers.get('x-webhook-event')).toBe('completed');
      const hashed = createHash('sha256').update(emulator.apiframe.apiKey);
      const key = apiframeKey === 'hex' ? hashed.digest('hex') : hashed.digest();
      expect(headers.get('x-webhook-signature')).toBe(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`);
      await vi.waitFor(
        async () => expect((await apiframe(emulator, `jobs/${jobId}`)).body.webhookStatus).toBe('delivered'),
        patience,
      );
    },
  );

  it('send only the events that were asked for', async () => {
    const { received, deliver } = receiver();
    const emulator = start({ deliver, generationTime: { fixed: 40 }, faults: [{ on: 'submit', job: 'fail' }] });
    await generate(emulator, { webhookUrl: hook, webhookEvents: ['progress', 'failed'] });
    await vi.waitFor(() => expect(received).toHaveLength(2), patience);
    expect(received.map(({ body }) => JSON.parse(body).event)).toEqual(['progress', 'failed']);
  });

  it('are tried three times', async () => {
    const { received, deliver } = receiver(500, 503, 500, 500);
    const emulator = start({ deliver, webhookDelivery: { backoff: 1 } });
    const { jobId } = (await generate(emulator, { webhookUrl: hook })).body;
    const status = async () => (await apiframe(emulator, `jobs/${jobId}`)).body.webhookStatus;
    await vi.waitFor(async () => expect(await status()).toBe('failed'), patience);
    expect(received).toHaveLength(3);
  });

  it('reach no address but loopback ones, unless the test delivers them itself', async () => {
    const send = vi.spyOn(globalThis, 'fetch');
    const emulator = start({ webhookDelivery: { tries: 1, ports: [443] } });
    const { jobId } = (await generate(emulator, { webhookUrl: hook })).body;
    const status = async () => (await apiframe(emulator, `jobs/${jobId}`)).body.webhookStatus;
    await vi.waitFor(async () => expect(await status()).toBe('failed'), patience);
    expect(send).not.toHaveBeenCalled();
    send.mockRestore();
  });

  it.each([
    ['http://127.0.0.1:6379/', [], false],
    ['http://127.0.0.1:6379/', [3000], false],
    ['http://localhost:3000/hook', [3000], true],
    ['http://127.0.0.1/hook', [80], true],
    ['https://[::1]/hook', [80], false],
  ] as const)('to %s with the ports %j: %s', async (webhookUrl, ports, sent) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const send = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
    const emulator = start({ webhookDelivery: { tries: 1, ports } });
    const { jobId } = (await generate(emulator, { webhookUrl })).body;
    const status = async () => (await apiframe(emulator, `jobs/${jobId}`)).body.webhookStatus;
    await vi.waitFor(async () => expect(await status()).toBe(sent ? 'delivered' : 'failed'), patience);
    expect(send).toHaveBeenCalledTimes(sent ? 1 : 0);
    // A webhook that never comes would be hard to explain.
    if (!sent) expect(warn.mock.calls[0]?.[0]).toMatch(/webhookDelivery: \{ ports: \[\d+\] \}/);
    expect(warn).toHaveBeenCalledTimes(sent ? 0 : 1);
    vi.restoreAllMocks();
  });
});
