import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiframe } from '@imageport/apiframe';
import { createMemoryLedger, createRegistry, type RegistryConfig } from '@imageport/core';
import { createEmulator, type Emulator, type EmulatorOptions } from '@imageport/emulator';
import { createImageServer, type ImageServer, type ImageServerOptions } from '@imageport/mcp';
import { serveHttp } from '@imageport/mcp/node';
import { createWavespeed } from '@imageport/wavespeed';
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export const prompt = 'a lighthouse in fog at dawn';

/** A folder of its own, gone when the test ends. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imageport-mcp-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return folder;
}

export interface World {
  readonly emulator: Emulator;
  readonly images: ImageServer;
  readonly folder: string;
  /** Submits that the hosts counted, and what they charged. */
  submits(): number;
  charges(): number;
}

export interface WorldOptions extends Partial<ImageServerOptions> {
  readonly emulate?: EmulatorOptions;
  readonly config?: RegistryConfig['models'];
}

/** Both hosts in this process, and a server that makes pictures there. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { emulate, config, ...rest } = options;
  const emulator = createEmulator({ generationTime: { fixed: 20 }, ...emulate });
  onTestFinished(() => emulator.close());
  return { ...(await serverAt(emulator, config, rest)), emulator };
}

/** Another server at the same hosts. */
export async function serverAt(
  emulator: Emulator,
  config: RegistryConfig['models'] = { hero: 'wavespeed:seedream-4' },
  options: Partial<ImageServerOptions> = {},
): Promise<Omit<World, 'emulator'>> {
  const accounts = [createWavespeed, createApiframe].map((create) => {
    const host = create === createWavespeed ? emulator.wavespeed : emulator.apiframe;
    return create({ apiKey: host.apiKey, baseUrl: host.baseUrl, fetch: emulator.fetch });
  });
  const folder = options.folder ?? (await scratch());
  const images = createImageServer({
    registry: createRegistry({ models: config }, accounts),
    models: Object.keys(config),
    ledger: createMemoryLedger(),
    ...options,
    folder,
  });
  onTestFinished(() => images.close());
  const submits = () => emulator.requests().filter(({ kind }) => kind === 'submit').length;
  const charges = () => emulator.charges().filter(({ refunded }) => !refunded).length;
  return { images, folder, submits, charges };
}

/** What every one of the clients can do that the tests need. */
export interface AnyClient {
  call(name: string, input?: object, options?: CallOptions): Promise<Answer>;
  client: Client;
}

export interface CallOptions {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly message?: string | undefined }) => void;
}

export interface Answer {
  readonly isError: boolean;
  readonly content: readonly { readonly type: string; readonly [name: string]: unknown }[];
  // biome-ignore lint/suspicious/noExplicitAny: a tool's own shape, which the tests look at
  readonly data: any;
}

export type Elicit = 'accept' | 'decline' | 'cancel' | 'none';

export const kinds = ['v2 in memory', 'v2 of the old era', 'v1 in memory', 'v2 over HTTP', 'v1 over HTTP'] as const;
export type Kind = (typeof kinds)[number];

/** What was asked of the user. */
export const questions: string[] = [];

/** A client that is connected. `elicit`: what its user says to a question; `none`: it cannot ask. */
export async function connect(
  images: ImageServer,
  kind: Kind = 'v2 in memory',
  { elicit = 'none', headers = {} }: { readonly elicit?: Elicit; readonly headers?: Record<string, string> } = {},
): Promise<AnyClient> {
  if (kind.endsWith('HTTP')) {
    const serving = await serveHttp(images);
    onTestFinished(() => serving.close());
    const [, key] = headers.authorization?.split(' ') ?? [];
    return connectTo(serving.url, kind.startsWith('v1') ? 'v1' : 'v2', key, elicit);
  }
  const [mine, its] = InMemoryTransport.createLinkedPair();
  const serving = serveStdio(images.factory, { transport: its });
  onTestFinished(() => serving.close());
  const era = kind === 'v2 of the old era' ? 'legacy' : 'auto';
  return open(kind.startsWith('v1') ? oldClient(elicit) : newClient(elicit, era), mine);
}

/** A client of a server at an address. */
export function connectTo(
  url: string,
  version: 'v1' | 'v2',
  key?: string,
  elicit: Elicit = 'none',
): Promise<AnyClient> {
  const requestInit = { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } };
  return version === 'v1'
    ? open(oldClient(elicit), new OldHttpTransport(new URL(url), { requestInit }))
    : open(newClient(elicit, 'auto'), new StreamableHTTPClientTransport(new URL(url), { requestInit }));
}

async function open(client: Client | OldClient, transport: object): Promise<AnyClient> {
  await (client as Client).connect(transport as InMemoryTransport);
  onTestFinished(() => client.close());
  return wrap(client as Client, client instanceof OldClient);
}

export function wrap(client: Client, isOld: boolean): AnyClient {
  return {
    client,
    async call(name, input = {}, options = {}) {
      const params = { name, arguments: input as Record<string, unknown> };
      const result = isOld
        ? await (client as unknown as OldClient).callTool(params, undefined, options)
        : await client.callTool(params, options as never);
      const content = result.content as Answer['content'];
      const text = String(content[0]?.text ?? '');
      const isError = result.isError === true;
      return { isError, content, data: result.structuredContent ?? (text.startsWith('{') ? JSON.parse(text) : text) };
    },
  };
}

const answers = {
  accept: { action: 'accept', content: { confirm: true } },
  decline: { action: 'decline' },
  cancel: { action: 'cancel' },
  none: { action: 'cancel' },
} as const;

const capabilitiesOf = (elicit: Elicit) => (elicit === 'none' ? {} : { elicitation: { form: {} } });

function newClient(elicit: Elicit, mode: 'auto' | 'legacy'): Client {
  const capabilities = capabilitiesOf(elicit);
  const client = new Client({ name: 'test', version: '1' }, { capabilities, versionNegotiation: { mode } });
  if (elicit !== 'none') {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      questions.push(params.message);
      return answers[elicit];
    });
  }
  return client;
}

function oldClient(elicit: Elicit): OldClient {
  const client = new OldClient({ name: 'test', version: '1' }, { capabilities: capabilitiesOf(elicit) });
  if (elicit !== 'none') {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      return answers[elicit];
    });
  }
  return client;
}

/** A clock that goes on at the pace of the real one and can be put forward. */
export function ownClock(): { forward(ms: number): Promise<void> } {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: Date.now(),
    shouldAdvanceTime: true,
  });
  onTestFinished(() => void vi.useRealTimers());
  return {
    async forward(ms) {
      for (let left = ms; left > 0; left -= 200) {
        await vi.advanceTimersByTimeAsync(Math.min(200, left));
        await sleep(2);
      }
    },
  };
}

/** Jobs that are not done before the clock is put forward. */
export const slow = { generationTime: { fixed: 60_000 } } as const;

/** Waits for something that happens by itself. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('it did not come about');
    },
    { timeout: 100_000, interval: 10 },
  );
