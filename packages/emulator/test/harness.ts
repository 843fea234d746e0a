import { createEmulator, type EmulatorOptions, type ProviderOptions } from '@imageport/emulator';
import sharp from 'sharp';
import { onTestFinished, vi } from 'vitest';

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

/** The bytes of a picture. */
export const download = async (emulator: Emulator, url: string): Promise<Buffer> =>
  Buffer.from(await (await emulator.fetch(url)).arrayBuffer());

/** What a picture is, such as `1024x768 png`. */
export async function measure(picture: Buffer): Promise<string> {
  const { width, height, format } = await sharp(picture).metadata();
  return `${width}x${height} ${format}`;
}

/** A picture of that many pixels, as data. */
export async function dataUrl(width: number, height: number): Promise<string> {
  const picture = sharp({ create: { width, height, channels: 3, background: '#888' } });
  return `data:image/png;base64,${(await picture.png().toBuffer()).toString('base64')}`;
}

/** What WaveSpeed draws for a submit. */
export async function wavespeedPictures(emulator: Emulator, model: string, input: object): Promise<Buffer[]> {
  const { body } = await wavespeed(emulator, model, input);
  return Promise.all(body.data.outputs.map((url: string) => download(emulator, url)));
}

/** What Apiframe draws for a POST under `/v2/images`. */
export async function apiframePictures(emulator: Emulator, path: string, body: object): Promise<Buffer[]> {
  const { jobId } = (await apiframe(emulator, `images/${path}`, body)).body;
  const { result } = (await apiframe(emulator, `jobs/${jobId}`)).body;
  return Promise.all(result.images.map((url: string) => download(emulator, url)));
}

/** From here on time passes in this test only when it says so. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets so much time pass. */
export const wait = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** Lets time pass until the work has ended, and tells how much it was. */
export async function letPass<T>(work: Promise<T>): Promise<{ value: T; took: number }> {
  const began = performance.now();
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  while (!over) await vi.advanceTimersToNextTimerAsync();
  return { value: await work, took: performance.now() - began };
}

/** A caller who leaves. */
export function caller(): { signal: AbortSignal; leave(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, leave: () => controller.abort(new Error('the caller has left')) };
}
