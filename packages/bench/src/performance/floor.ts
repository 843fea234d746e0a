import type { ClientRequest, RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter, HttpRequest, JobSnapshot } from '@imageport/core';
import type { Client, Session } from '../clients/client.ts';
import type { Target } from '../servers/test-server.ts';

/** One request whose answer is a body of JSON. */
type Ask = (request: HttpRequest) => Promise<unknown>;

/**
 * What a call costs at least over a transport: the submit and the poll of our adapter and its reading of the answers,
 * and the wait before the poll. No check of options, no ledger, no limits, no time-outs, no policy.
 */
async function run(ask: Ask, adapter: Adapter, prompt: string): Promise<JobSnapshot> {
  const request = adapter.toSubmit({ model: 'bytedance/seedream-v4', prompt, fields: {} });
  let snapshot = adapter.parse(await ask(request));
  while (snapshot.state !== 'completed') {
    await sleep(1);
    snapshot = adapter.parse(await ask(adapter.toPoll(snapshot.id ?? '')));
  }
  return snapshot;
}

/** ky with nothing switched on that it would do beside the request. */
async function askByKy(adapter: Adapter, { url, apiKey }: Target): Promise<Ask> {
  const { default: ky } = await import('ky');
  const headers = { accept: 'application/json', ...adapter.authorize(apiKey) };
  const lean = ky.create({ retry: 0, timeout: false, throwHttpErrors: false });
  return async ({ method, path, body }) => {
    const init: RequestInit = { method, headers };
    if (body)
      Object.assign(init, { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const response = await lean(url + path, { fetch: () => fetch(url + path, init) });
    return JSON.parse(await response.text());
  };
}

async function askByNode(adapter: Adapter, { url, apiKey }: Target): Promise<Ask> {
  const { Agent, request } = await import('node:http');
  const { hostname, port } = new URL(url);
  const place = { hostname, port, agent: new Agent({ keepAlive: true }) };
  const headers = { accept: 'application/json', ...adapter.authorize(apiKey) };
  return async ({ method, path, body }) => {
    const options: RequestOptions = { ...place, method, path, headers };
    const text = body && JSON.stringify(body);
    if (text)
      options.headers = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return JSON.parse(await read(request(options), text));
  };
}

function read(request: ClientRequest, body: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.end(body);
  });
}

function column(name: string, open: (adapter: Adapter, target: Target) => Promise<Ask>): Client {
  return {
    ...{ name, packages: [], service: 'wavespeed', phases: [] },
    call: 'submit, wait, poll and read the answers, and nothing else',
    async open(target): Promise<Session> {
      const { wavespeedAdapter } = await import('@imageport/wavespeed');
      const ask = await open(wavespeedAdapter, target);
      return {
        async run(_, words = '') {
          const { outputs } = await run(ask, wavespeedAdapter, words);
          return { pictures: outputs.length, held: outputs };
        },
      };
    },
  };
}

/** The columns by what carries their requests. */
export const floorOf = { ky: 'floor: ky', node: 'floor: `node:http`' } as const;

/** Below them ours cannot come on these transports: what is above is our own. */
export const floors: readonly Client[] = [column(floorOf.ky, askByKy), column(floorOf.node, askByNode)];
