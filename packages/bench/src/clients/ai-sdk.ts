import type { ImageModel } from 'ai';
import { delivery } from '../servers/replicate.ts';
import { type Client, prompt, reroute, type Session } from './client.ts';

async function openSession(model: ImageModel): Promise<Session> {
  const { generateImage } = await import('ai');
  return {
    async run(deadline) {
      const result = await generateImage({ model, prompt, abortSignal: AbortSignal.timeout(deadline) });
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
    async open({ url, apiKey }) {
      const { createReplicate } = await import('@ai-sdk/replicate');
      const fetch = reroute(delivery, `${url}/delivery`);
      const replicate = createReplicate({ apiToken: apiKey, baseURL: `${url}/v1`, fetch });
      return openSession(replicate.image('black-forest-labs/flux-schnell'));
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
