import { type Client, prompt } from './client.ts';

const queue = 'https://queue.fal.run';

/** The official client of fal. It returns addresses and downloads nothing. */
export const falClient: Client = {
  name: 'fal',
  packages: ['@fal-ai/client'],
  service: 'fal queue',
  phases: ['submit', 'poll'],
  call: '`fal.subscribe(model, { input, timeout: 8000, abortSignal: AbortSignal.timeout(8000) })`',
  async open({ url, apiKey }, { poll } = {}) {
    const { createFalClient } = await import('@fal-ai/client');
    const fal = createFalClient({
      credentials: apiKey,
      requestMiddleware: async (request) => ({ ...request, url: request.url.replace(queue, url) }),
    });
    return {
      async run(deadline, words = prompt) {
        const result = await fal.subscribe('fal-ai/flux/schnell', {
          input: { prompt: words },
          ...(deadline === undefined ? {} : { timeout: deadline, abortSignal: AbortSignal.timeout(deadline) }),
          ...(poll === undefined ? {} : { pollInterval: poll }),
        });
        return { pictures: result.data.images.length, held: result };
      },
    };
  },
};
