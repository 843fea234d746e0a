import type { Exchange, Transport } from '@imageport/core';
import { type Client, prompt } from '../clients/client.ts';

export const ownWork = 'stubbed transport';
/** What the bench itself keeps for a call. */
export const noWork = 'the bench itself';

/** The answers of WaveSpeed to a job that is finished at the first poll, without any network. */
function createStub(): (method: string, path: string) => object {
  let last = 0;
  return (method, path) => {
    const isSubmit = method === 'POST';
    if (isSubmit) last += 1;
    const id = isSubmit ? `job-${last}` : (/predictions\/([^/]+)/.exec(path)?.[1] ?? '');
    const facts = isSubmit
      ? { status: 'created', outputs: [] }
      : { status: 'completed', outputs: [`${base}/${id}.png`] };
    return { code: 200, message: 'success', data: { id, model: 'bytedance/seedream-v4', error: '', ...facts } };
  };
}

const base = 'http://127.0.0.1:9999';

function stubTransport(): Transport {
  const answer = createStub();
  return {
    send: async ({ method, url }): Promise<Exchange> => {
      return { sent: 'yes', status: 200, bodyState: 'json', body: answer(method, new URL(url).pathname) };
    },
    open: () => Promise.reject(new Error('nothing is downloaded')),
  };
}

function stubFetch(): typeof fetch {
  const answer = createStub();
  return async (input, { method = 'GET' } = {}) => Response.json(answer(method, new URL(String(input)).pathname));
}

function column(name: string, options: () => { transport: Transport } | { fetch: typeof fetch }): Client {
  return {
    name,
    packages: [],
    service: 'wavespeed',
    phases: [],
    call: '`generateImage` without a network',
    async open() {
      const { generateImage } = await import('@imageport/core');
      const { createWavespeed } = await import('@imageport/wavespeed');
      const model = createWavespeed({ apiKey: 'key-of-the-bench', baseUrl: base, ...options() })('seedream-4');
      return {
        async run(timeout, words = prompt) {
          const { images } = await generateImage({ model, prompt: words, interval: 1, timeout });
          return { pictures: images.length, held: images };
        },
      };
    },
  };
}

/** What is left of a call when the network costs nothing: our own work, without and with ky and the runtime's fetch classes. */
export const stubbedClients: readonly Client[] = [
  column(ownWork, () => ({ transport: stubTransport() })),
  column('stubbed `fetch`', () => ({ fetch: stubFetch() })),
  {
    ...{ name: noWork, packages: [], service: 'wavespeed', phases: [], call: 'a promise that never settles' },
    async open() {
      // What nobody holds is collected with everything that waits for it.
      const waiting: Promise<never>[] = [];
      return {
        async run() {
          const one = new Promise<never>(() => undefined);
          waiting.push(one);
          const { images } = await one;
          return { pictures: images, held: images };
        },
      };
    },
  },
];
