import { type Client, prompt } from './client.ts';

/** The official client of WaveSpeed. It returns addresses and downloads nothing. */
export const wavespeedClient: Client = {
  name: 'wavespeed',
  packages: ['wavespeed'],
  service: 'wavespeed',
  phases: ['submit', 'poll'],
  call: '`client.run(model, { prompt }, { timeout: 8 })`',
  async open({ url, apiKey }, { poll } = {}) {
    const wavespeed = await import('wavespeed');
    const client = new wavespeed.Client(apiKey, { baseUrl: url });
    return {
      async run(deadline, words = prompt) {
        const options = {
          ...(deadline === undefined ? {} : { timeout: deadline / 1000 }),
          ...(poll === undefined ? {} : { pollInterval: poll / 1000 }),
        };
        const result = await client.run('bytedance/seedream-v4', { prompt: words }, options);
        return { pictures: result.outputs.length, held: result };
      },
    };
  },
};
