import { prompt } from '../clients/client.ts';
import { openEndpoint, openModel, type Way } from './door.ts';
import type { Kitchen } from './plain.ts';

/** Somebody with a client that people already have. */
export interface Caller {
  /**
   * Makes one request, and lets the client repeat it as it likes. Resolves with the number of pictures. `timeout`:
   * milliseconds after which the client gives an attempt up; without it, its own.
   */
  ask(timeout?: number): Promise<number>;
  close(): Promise<void>;
}

export interface CallerOptions {
  readonly way: Way;
  readonly behind: Kitchen;
}

/** One pair of columns. */
export interface CallerKind {
  readonly name: string;
  readonly packages: readonly string[];
  readonly call: string;
  open(options: CallerOptions): Promise<Caller>;
}

const signalOf = (timeout: number | undefined): { abortSignal?: AbortSignal } =>
  timeout === undefined ? {} : { abortSignal: AbortSignal.timeout(timeout) };

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const openai: CallerKind = {
  name: 'openai',
  packages: ['openai'],
  call: "`openai.images.generate({ model: 'hero', prompt })`",
  open: (options) => openOpenAI(options, (client) => client.images.generate({ model: 'hero', prompt })),
};

const openaiEdit: CallerKind = {
  name: 'openai, edit',
  packages: ['openai'],
  call: "`openai.images.edit({ model: 'hero', prompt, image })`",
  open: (options) =>
    openOpenAI(options, async (client) => {
      const { toFile } = await import('openai');
      const image = await toFile(pixel, 'pixel.png', { type: 'image/png' });
      return client.images.edit({ model: 'hero', prompt, image });
    }),
};

type Client = import('openai').OpenAI;

async function openOpenAI(
  { way, behind }: CallerOptions,
  ask: (client: Client) => Promise<{ data?: readonly unknown[] }>,
): Promise<Caller> {
  const { OpenAI } = await import('openai');
  const { place, close } = await openEndpoint(way, behind);
  const client = new OpenAI({ apiKey: 'key-of-the-bench', baseURL: place });
  const within = (timeout?: number): Client => (timeout === undefined ? client : client.withOptions({ timeout }));
  return { ask: async (timeout) => (await ask(within(timeout))).data?.length ?? 0, close };
}

const compatible: CallerKind = {
  name: 'ai + openai-compatible',
  packages: ['ai', '@ai-sdk/openai-compatible'],
  call: "`generateImage({ model: createOpenAICompatible(…).imageModel('hero'), prompt })`",
  async open({ way, behind }) {
    const [{ generateImage }, { createOpenAICompatible }] = await Promise.all([
      import('ai'),
      import('@ai-sdk/openai-compatible'),
    ]);
    const { place, close } = await openEndpoint(way, behind);
    const model = createOpenAICompatible({ name: 'door', apiKey: 'key-of-the-bench', baseURL: place }).imageModel(
      'hero',
    );
    return {
      ask: async (timeout) => (await generateImage({ model, prompt, ...signalOf(timeout) })).images.length,
      close,
    };
  },
};

const provider: CallerKind = {
  name: 'ai + own provider',
  packages: ['ai', '@imageport/ai-sdk'],
  call: "`generateImage({ model: createImageport(…)('hero'), prompt })`",
  async open({ way, behind }) {
    const { generateImage } = await import('ai');
    const { place: model, close } = await openModel(way, behind);
    return {
      ask: async (timeout) => (await generateImage({ model, prompt, ...signalOf(timeout) })).images.length,
      close,
    };
  },
};

export const callers: readonly CallerKind[] = [openai, openaiEdit, compatible, provider];
