import type { Client, Delivery, Session } from '../clients/client.ts';
import { delivery } from '../servers/replicate.ts';
import type { ServiceName } from '../servers/start.ts';
import type { Target } from '../servers/test-server.ts';

/** One request whose answer is JSON. */
type Ask = (url: string, body?: object) => Promise<unknown>;

/** The requests of one picture, as a caller would write them who checks nothing. */
type Recipe = (ask: Ask, url: string, words: string) => Promise<Delivery>;

interface Prediction {
  readonly id: string;
  readonly outputs: readonly string[];
}

const asPictures = (held: unknown): Delivery => ({ pictures: Array.isArray(held) ? held.length : 1, held });
const read = async (url: string): Promise<ArrayBuffer> => (await fetch(url)).arrayBuffer();

const recipes: Record<ServiceName, Recipe> = {
  async wavespeed(ask, url, prompt) {
    const { data } = (await ask(`${url}/api/v3/bytedance/seedream-v4`, { prompt })) as { data: Prediction };
    const done = (await ask(`${url}/api/v3/predictions/${data.id}/result`)) as { data: Prediction };
    return asPictures(done.data.outputs);
  },
  async apiframe(ask, url, prompt) {
    const { jobId } = (await ask(`${url}/v2/images/generate`, { model: 'seedream-4', prompt })) as { jobId: string };
    const { result } = (await ask(`${url}/v2/jobs/${jobId}`)) as { result: { images: string[] } };
    return asPictures(result.images);
  },
  async replicate(ask, url, prompt) {
    const path = `${url}/v1/models/black-forest-labs/flux-schnell/predictions`;
    const { id } = (await ask(path, { input: { prompt } })) as { id: string };
    const { output } = (await ask(`${url}/v1/predictions/${id}`)) as { output: string[] };
    const files = output.map((file) => file.replace(delivery, `${url}/delivery`));
    return asPictures(await Promise.all(files.map(read)));
  },
  async 'fal queue'(ask, url, prompt) {
    const { request_id: id } = (await ask(`${url}/fal-ai/flux/schnell`, { prompt })) as { request_id: string };
    await ask(`${url}/fal-ai/flux/requests/${id}/status`);
    const { images } = (await ask(`${url}/fal-ai/flux/requests/${id}`)) as { images: object[] };
    return asPictures(images);
  },
  async 'fal.run'(ask, url, prompt) {
    const { images } = (await ask(`${url}/fal-ai/flux/schnell`, { prompt })) as { images: { url: string }[] };
    return asPictures(await Promise.all(images.map((image) => read(image.url))));
  },
  async openai(ask, url, prompt) {
    const body = { model: 'gpt-image-1', prompt };
    const { data } = (await ask(`${url}/v1/images/generations`, body)) as { data: { b64_json: string }[] };
    return asPictures(data.map(({ b64_json }) => Buffer.from(b64_json, 'base64')));
  },
};

const headersOf = ({ apiKey }: Target): Record<string, string> => ({
  accept: 'application/json',
  authorization: `Bearer ${apiKey}`,
});

function askByFetch(target: Target): Ask {
  const headers = headersOf(target);
  const posting = { ...headers, 'content-type': 'application/json' };
  return async (url, body) => {
    const init = body ? { method: 'POST', headers: posting, body: JSON.stringify(body) } : { headers };
    return (await fetch(url, init)).json();
  };
}

async function askByKy(target: Target): Promise<Ask> {
  const { default: ky } = await import('ky');
  const headers = headersOf(target);
  return (url, body) => ky(url, { headers, ...(body ? { method: 'POST', json: body } : {}) }).json();
}

function column(service: ServiceName, by: 'fetch' | 'ky'): Client {
  return {
    name: `${by} on ${service}`,
    packages: by === 'ky' ? ['ky'] : [],
    service,
    phases: [],
    call: `the same requests by \`${by}\``,
    async open(target): Promise<Session> {
      const ask = by === 'ky' ? await askByKy(target) : askByFetch(target);
      return { run: (_, words = '') => recipes[service](ask, target.url, words) };
    },
  };
}

/** The requests of every service without any client: what a call costs at least. */
export const rawFetch: readonly Client[] = (Object.keys(recipes) as ServiceName[]).map((name) => column(name, 'fetch'));

/** What ours stands on, for scale. */
export const rawKy = column('wavespeed', 'ky');
