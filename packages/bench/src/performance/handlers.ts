import { createMemoryLedger, createRegistry } from '@imageport/core';
import { nodeTransport } from '@imageport/core/node';
import { createWavespeed } from '@imageport/wavespeed';
import { type Client, prompt } from '../clients/client.ts';
import type { Target } from '../servers/test-server.ts';

type Handler = (request: Request) => Promise<Response>;

/** OpenAI's endpoint over WaveSpeed with as little as can be done: the same three requests, and nothing is checked. */
export const bareHandler = 'bare handler';
export const gatewayHandler = 'gateway, node transport';

function toBare({ url, apiKey }: Target): Handler {
  const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}` };
  const posting = { ...headers, 'content-type': 'application/json' };
  interface Answer {
    readonly data: { readonly id: string; readonly outputs: readonly string[] };
  }
  const read = async (response: Response): Promise<Answer> => (await response.json()) as Answer;
  return async (request) => {
    const { prompt } = (await request.json()) as { prompt: string };
    const submit = { method: 'POST', headers: posting, body: JSON.stringify({ prompt }) };
    const { data } = await read(await fetch(`${url}/api/v3/bytedance/seedream-v4`, submit));
    const done = await read(await fetch(`${url}/api/v3/predictions/${data.id}/result`, { headers }));
    const files = await Promise.all(done.data.outputs.map(async (each) => (await fetch(each)).arrayBuffer()));
    const pictures = files.map((file) => ({ b64_json: Buffer.from(file).toString('base64') }));
    return Response.json({ created: Math.floor(Date.now() / 1000), data: pictures });
  };
}

async function toGateway({ url, apiKey }: Target, transport: 'fetch' | 'node'): Promise<Handler> {
  const { createGateway } = await import('@imageport/gateway');
  const own = transport === 'node' ? { transport: nodeTransport() } : {};
  // The wait between two polls is no work.
  const provider = createWavespeed({ apiKey, baseUrl: url, schedule: () => 1, ...own });
  const registry = createRegistry({ models: { hero: 'wavespeed:seedream-4' } }, [provider]);
  return createGateway({ registry, models: ['hero'], keys: 'open', ledger: createMemoryLedger() }).fetch;
}

function column(name: string, open: (target: Target) => Handler | Promise<Handler>): Client {
  return {
    name,
    packages: [],
    service: 'wavespeed',
    phases: ['submit', 'poll', 'download'],
    call: '`POST /v1/images/generations`',
    async open(target) {
      const handle = await open(target);
      const headers = { 'content-type': 'application/json', authorization: 'Bearer key-of-the-bench' };
      return {
        async run(_, words = prompt) {
          const body = JSON.stringify({ model: 'hero', prompt: words });
          const init = { method: 'POST', headers, body };
          const response = await handle(new Request('http://gateway.example/v1/images/generations', init));
          const { data = [] } = (await response.json()) as { data?: readonly { b64_json?: string }[] };
          return { pictures: data.filter(({ b64_json }) => b64_json).length, held: data };
        },
      };
    },
  };
}

/** The gateway beside a handler that makes the same requests. */
export const handlers: readonly Client[] = [
  column(bareHandler, toBare),
  column(gatewayHandler, (target) => toGateway(target, 'node')),
  column('gateway', (target) => toGateway(target, 'fetch')),
];
