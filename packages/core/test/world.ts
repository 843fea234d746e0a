import { createApiframe } from '@imageport/apiframe';
import { type Charge, createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { expect, vi } from 'vitest';
import { networkCode } from '../src/errors/cause.ts';
import { fetchTransport } from '../src/host/fetch-transport.ts';
import type { Attempt, GenerateImageOptions, ImageError, ImageModel, Transport } from '../src/index.ts';
import './loaded.ts';
import { generateImage } from '../src/index.ts';

export type HostName = 'wavespeed' | 'apiframe';
export const hosts: readonly HostName[] = ['wavespeed', 'apiframe'];

export interface World {
  readonly emulator: Emulator;
  readonly wavespeed: ReturnType<typeof createWavespeed>;
  readonly apiframe: ReturnType<typeof createApiframe>;
  model(host: HostName, modelId?: string): ImageModel;
  /** The same at an account of its own, which has not met anything yet. */
  fresh(host: HostName, modelId?: string): ImageModel;
  /** Submits the host counted, whatever became of them. */
  submits(host?: HostName): number;
}

/** The emulator's fetch makes one request for one call, so that a connection refused there was refused to ours. */
function direct(fetch: typeof globalThis.fetch): Transport {
  const transport = fetchTransport(fetch);
  return {
    ...transport,
    async send(request) {
      const exchange = await transport.send(request);
      return networkCode(exchange.error) === 'ECONNREFUSED' ? { ...exchange, sent: 'no' } : exchange;
    },
  };
}

const same = (inner: typeof fetch): typeof fetch => inner;

/** Both hosts, in this process, at addresses that are not this machine's: the real schedules are in force. */
export function createWorld(options: EmulatorOptions = {}, wrap: (inner: typeof fetch) => typeof fetch = same): World {
  const emulator = createEmulator({ generationTime: { fixed: 5_000 }, ...options });
  const distant = (name: HostName): { apiKey: string; baseUrl: string; transport: Transport } => ({
    apiKey: emulator[name].apiKey,
    baseUrl: `https://${name}.example.com/${name}`,
    transport: direct(wrap(emulator.fetch)),
  });
  const open = (host: HostName) => (host === 'wavespeed' ? createWavespeed : createApiframe)(distant(host));
  const [wavespeed, apiframe] = [open('wavespeed'), open('apiframe')];
  const providers = { wavespeed, apiframe };
  return {
    emulator,
    ...providers,
    model: (host, modelId = 'seedream-4') => providers[host](modelId),
    fresh: (host, modelId = 'seedream-4') => open(host)(modelId),
    submits: (host) =>
      emulator.requests().filter((each) => each.kind === 'submit' && (!host || each.host === host)).length,
  };
}

/** Runs work on a clock that jumps from timer to timer, and proves that no timer is left when it ends. */
export async function inVirtualTime<T>(work: () => Promise<T>): Promise<T> {
  const start = Math.ceil(performance.now());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  // The clock goes on from the real one, which must never seem to go back: hosts may have been made before.
  vi.advanceTimersByTime(start);
  try {
    let done = false;
    const running = work().finally(() => {
      done = true;
    });
    running.catch(() => undefined);
    while (!done) await vi.advanceTimersToNextTimerAsync();
    const result = await running;
    // What a call still holds it gives back in the next turn of the event loop, when its caller has heard the end.
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
    return result;
  } finally {
    vi.useRealTimers();
  }
}

export interface Ending {
  readonly images: number;
  readonly error?: ImageError;
  readonly attempts: readonly Attempt[];
  /** What the hosts had charged when the call ended. */
  readonly charges: readonly Charge[];
  /** Milliseconds on the virtual clock. */
  readonly duration: number;
}

/** One call in virtual time, ended either way. */
export function play(world: World, options: Partial<GenerateImageOptions>): Promise<Ending> {
  return inVirtualTime(async () => {
    const start = performance.now();
    const ending = await end({ prompt: 'a lighthouse in fog at dawn', model: world.model('wavespeed'), ...options });
    return { ...ending, charges: world.emulator.charges(), duration: performance.now() - start };
  });
}

async function end(options: GenerateImageOptions): Promise<Pick<Ending, 'images' | 'error' | 'attempts'>> {
  try {
    const { images, attempts } = await generateImage(options);
    return { images: images.length, attempts };
  } catch (thrown) {
    const error = thrown as ImageError;
    return { images: 0, error, attempts: error.attempts ?? [] };
  }
}
