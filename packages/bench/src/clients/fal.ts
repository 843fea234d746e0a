import { type Client, prompt } from './client.ts';

const queue = 'https://queue.fal.run';

/** The official client of fal. It returns addresses and downloads nothing. */
export const falClient: Client = {
  name: 'fal',
  packages: ['@fal-ai/client'],
  service: 'fal queue',
  phases: ['submit', 'poll'],
  call: '`fal.subscribe(model, { input, timeout: 8000, abortSignal: AbortSignal.timeout(8000) })`',
  async open({ url, apiKey }) {
    const { createFalClient } = await import('@fal-ai/client');
    const fal = createFalClient({
      credentials: apiKey,
      requestMiddleware: async (request) => ({ ...request, url: request.url.replace(queue, url) }),
    });
    return {
      async run(deadline) {
        const result = await fal.subscribe('fal-ai/flux/schnell', {
          input: { prompt },
          timeout: deadline,
          abortSignal: AbortSignal.timeout(deadline),
        });
        return { pictures: result.data.images.length, held: result };
      },
    };
  },
};
