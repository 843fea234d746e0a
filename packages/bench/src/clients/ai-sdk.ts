import type { ImageModel } from 'ai';
import { delivery } from '../servers/replicate.ts';
import { type Client, prompt, reroute, type Session } from './client.ts';

type ProviderOptions = Parameters<typeof import('ai').generateImage>[0]['providerOptions'];

async function openSession(model: ImageModel, providerOptions: ProviderOptions = {}): Promise<Session> {
  const { generateImage } = await import('ai');
  return {
    async run(deadline, words = prompt) {
      const limit = deadline === undefined ? {} : { abortSignal: AbortSignal.timeout(deadline) };
      const result = await generateImage({ model, prompt: words, providerOptions, ...limit });
      return { pictures: result.images.length, held: result };
    },
  };
}

const call = '`generateImage({ model, prompt, abortSignal: AbortSignal.timeout(8000) })`';

/** Vercel's AI SDK over the two providers that reach comparable hosts. It always downloads. */
export const aiSdkClients: readonly Client[] = [
  {
    name: 'ai + replicate',
    packages: ['ai', '@ai-sdk/replicate'],
    service: 'replicate',
    phases: ['submit', 'poll', 'download'],
    call,
    async open({ url, apiKey }, { poll } = {}) {
      const { createReplicate } = await import('@ai-sdk/replicate');
      const fetch = reroute(delivery, `${url}/delivery`);
      const replicate = createReplicate({ apiToken: apiKey, baseURL: `${url}/v1`, fetch });
      const options = poll === undefined ? {} : { replicate: { pollIntervalMillis: poll } };
      return openSession(replicate.image('black-forest-labs/flux-schnell'), options);
    },
  },
  {
    name: 'ai + fal',
    packages: ['ai', '@ai-sdk/fal'],
    service: 'fal.run',
    phases: ['submit', 'download'],
    call,
    async open({ url, apiKey }) {
      const { createFal } = await import('@ai-sdk/fal');
      return openSession(createFal({ apiKey, baseURL: url }).image('fal-ai/flux/schnell'));
    },
  },
];

/** One request that brings the picture along; as a column of the fault bench it would only repeat `openai`. */
export const openaiCompatibleClient: Client = {
  name: 'ai + openai-compatible',
  packages: ['ai', '@ai-sdk/openai-compatible'],
  service: 'openai',
  phases: ['submit'],
  call,
  async open({ url, apiKey }) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const provider = createOpenAICompatible({ name: 'local', apiKey, baseURL: `${url}/v1` });
    return openSession(provider.imageModel('gpt-image-1'));
  },
};
