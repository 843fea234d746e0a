import { type Client, prompt } from './client.ts';

/** The official client of OpenAI. The id of a request stands in `_request_id`, which is not enumerable. */
export const openaiClient: Client = {
  name: 'openai',
  packages: ['openai'],
  service: 'openai',
  phases: ['submit'],
  call: "`openai.images.generate({ model: 'gpt-image-1', prompt }, { timeout: 8000 })`",
  async open({ url, apiKey }) {
    const { OpenAI } = await import('openai');
    const openai = new OpenAI({ apiKey, baseURL: `${url}/v1` });
    return {
      async run(deadline, words = prompt) {
        const options = deadline === undefined ? {} : { timeout: deadline };
        const result = await openai.images.generate({ model: 'gpt-image-1', prompt: words }, options);
        const pictures = (result.data ?? []).map(({ b64_json = '' }) => Buffer.from(b64_json, 'base64'));
        return { pictures: pictures.length, held: [pictures, result._request_id] };
      },
    };
  },
};
