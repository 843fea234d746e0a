import { createEmulator, type EmulatorOptions, type ProviderOptions } from '@imageport/emulator';
import { onTestFinished } from 'vitest';

export interface Answer {
  readonly status: number;
  // Tests look into answers of many shapes.
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the host sent
  readonly body: any;
}

export const dreamina = 'bytedance/dreamina-v3.1/text-to-image';

/** An emulator that is closed when the test ends; jobs are done at once unless told otherwise. */
export function start(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ generationTime: { fixed: 0 }, ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

export type Emulator = ReturnType<typeof start>;

async function send(options: ProviderOptions, path: string, init: RequestInit): Promise<Answer> {
  const response = await (options.fetch ?? fetch)(options.baseUrl + path, init);
  return { status: response.status, body: await response.json() };
}

const jsonInit = (body: unknown, headers: Record<string, string>): RequestInit =>
  body === undefined
    ? { headers }
    : { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };

/** GET, or POST with a body. */
export const wavespeed = (emulator: Emulator, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> => {
  const init = jsonInit(body, { authorization: `Bearer ${emulator.wavespeed.apiKey}` });
  return send(emulator.wavespeed, `/api/v3/${path}`, signal ? { ...init, signal } : init);
};

export const apiframe = (emulator: Emulator, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  send(emulator.apiframe, `/v2/${path}`, jsonInit(body, { 'x-api-key': emulator.apiframe.apiKey, ...headers }));

export const generate = (emulator: Emulator, body: object = {}, headers = {}): Promise<Answer> =>
  apiframe(emulator, 'images/generate', { model: 'seedream-4', prompt: 'a pond', ...body }, headers);

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
