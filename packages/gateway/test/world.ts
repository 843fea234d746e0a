import { createApiframe } from '@imageport/apiframe';
import { createMemoryLedger, createRegistry, type RegistryConfig } from '@imageport/core';
import { createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { createGateway, type Gateway, type GatewayEntry, type GatewayOptions } from '@imageport/gateway';
import { createWavespeed } from '@imageport/wavespeed';
import { onTestFinished, vi } from 'vitest';
import '../../core/test/loaded.ts';
import { asked } from './clock.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export const prompt = 'a lighthouse in fog at dawn';

/** The models of the gateways in these tests. */
export const models: NonNullable<RegistryConfig['models']> = {
  hero: 'wavespeed:seedream-4',
  frame: 'apiframe:seedream-4',
  both: ['wavespeed:seedream-4', 'apiframe:seedream-4'],
  banana: 'wavespeed:nano-banana-pro',
};

export interface World {
  readonly emulator: Emulator;
  readonly gateway: Gateway;
  readonly entries: readonly GatewayEntry[];
  readonly errors: readonly unknown[];
  /** One request as an app sends it. */
  ask(body: object, init?: AskOptions): Promise<Response>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Submits that hosts have seen, and what they charged for. */
  submits(): number;
  charges(): number;
}

/** Tells the clock of a test that somebody is at work. */
const counted =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  async (...given) => {
    asked.count += 1;
    try {
      return await fetch(...given);
    } finally {
      asked.count -= 1;
    }
  };

export interface AskOptions {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export const origin = 'http://gateway.example';

/** A gateway in front of both hosts, in this process. */
export function createWorld({
  emulated,
  ...options
}: Partial<GatewayOptions> & { readonly emulated?: EmulatorOptions } = {}): World {
  const emulator = createEmulator({ generationTime: { fixed: 20 }, ...emulated });
  onTestFinished(() => emulator.close());
  const host = <Options extends object>(options: Options) => ({ ...options, fetch: counted(emulator.fetch) });
  const [wavespeed, apiframe] = [createWavespeed(host(emulator.wavespeed)), createApiframe(host(emulator.apiframe))];
  const registry = createRegistry({ models }, [wavespeed, apiframe]);
  const entries: GatewayEntry[] = [];
  const errors: unknown[] = [];
  const gateway = createGateway({
    ...{ registry, models: Object.keys(models), defaultModel: 'hero', keys: 'open', ledger: createMemoryLedger() },
    log: (entry) => entries.push(entry),
    onError: (error) => errors.push(error),
    ...options,
  });
  const fetch = (path: string, init: RequestInit = {}) => gateway.fetch(new Request(`${origin}${path}`, init));
  return {
    ...{ emulator, gateway, entries, errors, fetch },
    ask: (body, { path = '/v1/images/generations', headers = {}, signal } = {}) =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        ...(signal ? { signal } : {}),
      }),
    submits: () => emulator.requests().filter(({ kind }) => kind === 'submit').length,
    charges: () => emulator.charges().filter(({ refunded }) => !refunded).length,
  };
}

export interface ImagesBody {
  readonly created: number;
  readonly data: readonly { readonly b64_json?: string; readonly url?: string }[];
  readonly output_format?: string;
  readonly size?: string;
  readonly background?: string;
}

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
}

export const imagesOf = async (response: Response): Promise<ImagesBody> => (await response.json()) as ImagesBody;
export const errorOf = async (response: Response): Promise<ErrorBody['error']> =>
  ((await response.json()) as ErrorBody).error;

/** Waits for something that a timer or another request brings about. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('it did not come about');
    },
    { timeout: 100_000, interval: 5 },
  );
