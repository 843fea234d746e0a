import type { ImageEvent, ImageModel, ProviderOptions, Schedule } from '@imageport/core';
import { clock } from '../performance/clock.ts';
import type { WarmOptions } from '../performance/learned.ts';
import type { Target } from '../servers/test-server.ts';
import { type Client, type OurSetup, prompt, reroute, type Session, type Setup } from './client.ts';

type HostName = 'wavespeed' | 'apiframe';

const loadAdapter = {
  wavespeed: async () => (await import('@imageport/wavespeed')).wavespeedAdapter,
  apiframe: async () => (await import('@imageport/apiframe')).apiframeAdapter,
};

type TransportName = 'fetch' | 'node';

interface Place {
  readonly host: HostName;
  readonly modelId: string;
  readonly transport: TransportName;
}

async function toModel({ host, modelId, transport }: Place, target: Target, setup: OurSetup = {}): Promise<ImageModel> {
  const { createProvider } = await import('@imageport/core');
  const adapter = await loadAdapter[host]();
  const { latency, far, bulkPoll } = setup;
  const families = latency ? adapter.families.map((family) => ({ ...family, latency })) : adapter.families;
  const { url, apiKey } = target;
  const options = {
    baseUrl: far ? adapter.baseUrl : url,
    ...(await toTransport(transport, far ? [adapter.baseUrl, url] : undefined)),
    ...(bulkPoll ? { bulkPoll: (await import('@imageport/core/bulk-poll')).bulkPoll() } : {}),
  };
  return createProvider({ ...adapter, families }, { apiKey, ...options })(modelId);
}

/** `detour`: from which address to which. */
async function toTransport(name: TransportName, detour?: readonly [string, string]): Promise<ProviderOptions> {
  if (name === 'fetch') return detour ? { fetch: reroute(...detour) } : {};
  const { nodeTransport } = await import('@imageport/core/node');
  const transport = nodeTransport();
  if (!detour) return { transport };
  const [from, to] = detour;
  const redirect = (address: string): string => (address.startsWith(from) ? to + address.slice(from.length) : address);
  return { transport: { ...transport, send: (request) => transport.send({ ...request, url: redirect(request.url) }) } };
}

function column(name: string, place: Place): Client {
  const { host, modelId, transport } = place;
  const create = host === 'wavespeed' ? 'createWavespeed' : 'createApiframe';
  const model = transport === 'node' ? `${create}({ transport: nodeTransport() })` : host;
  return {
    name,
    packages: ['@imageport/core', `@imageport/${host}`],
    service: host,
    phases: ['submit', 'poll', 'download'],
    call: `\`generateImage({ model: ${model}('${modelId}'), prompt, timeout: 8000 })\`, then \`bytes()\``,
    ours: true,
    async open(target, setup = {}) {
      const { ours = {}, bare } = setup;
      const model = await toModel(place, target, ours);
      if (!bare) return openSession(model);
      const other = { ...place, host: host === 'wavespeed' ? 'apiframe' : 'wavespeed' } as const;
      return openBare(ours.second ? [model, await toModel(other, ours.second)] : [model], setup);
    },
  };
}

async function openSession(model: ImageModel): Promise<Session> {
  const { createMemoryLedger, generateImage, resumeImages } = await import('@imageport/core');
  const ledger = createMemoryLedger();
  const read = async (): Promise<unknown[]> => {
    const records: unknown[] = [];
    for await (const record of ledger.open()) records.push(record);
    return records;
  };
  return {
    async run(deadline = 120_000) {
      const end = performance.now() + deadline;
      const { images, jobs } = await generateImage({ model, prompt, timeout: deadline, ledger });
      for (const image of images) await image.bytes({ timeout: Math.max(1, end - performance.now()) });
      return { pictures: images.length, held: jobs };
    },
    kept: read,
    resume: async () => [await resumeImages({ ledger, models: [model], timeout: 8_000 }), await read()],
  };
}

/** Up to the finished job: the pictures are fetched only when somebody asks for them. */
async function openBare(model: readonly ImageModel[], { poll, ours = {} }: Setup): Promise<Session> {
  const { generateImage } = await import('@imageport/core');
  const interval = poll ?? (ours.learned && (await openLearned(ours.learned)));
  const pace = ours.pace === undefined ? {} : { pace: ours.pace };
  const second = model[1]?.provider.provider;
  return {
    async run(timeout, words = prompt) {
      let asked: number | undefined;
      const onEvent = ({ type, ...event }: ImageEvent): void => {
        if (type === 'submitting' && 'provider' in event && event.provider === second) asked ??= clock();
      };
      const listen = second === undefined ? {} : { onEvent };
      const { images } = await generateImage({ model, prompt: words, interval, ...pace, ...listen, timeout });
      return { pictures: images.length, held: images, asked };
    },
  };
}

async function openLearned(learned: WarmOptions): Promise<Schedule> {
  const { openWarm } = await import('../performance/learned.ts');
  return openWarm(learned);
}

const places: Readonly<Record<string, Omit<Place, 'transport'>>> = {
  'imageport: WaveSpeed': { host: 'wavespeed', modelId: 'seedream-4' },
  'imageport: WaveSpeed, seeded': { host: 'wavespeed', modelId: 'seedream-3' },
  'imageport: Apiframe': { host: 'apiframe', modelId: 'seedream-4' },
};

/** With the default transport, and with the one for servers. */
export const imageportClients: readonly Client[] = Object.entries(places).flatMap(([name, place]) => [
  column(name, { ...place, transport: 'fetch' }),
  column(`${name}, node transport`, { ...place, transport: 'node' }),
]);
