import type { ImageEvent, ImageModel, Schedule } from '@imageport/core';
import { clock } from '../performance/clock.ts';
import type { WarmOptions } from '../performance/learned.ts';
import type { Target } from '../servers/test-server.ts';
import { type Client, type OurSetup, prompt, reroute, type Session, type Setup } from './client.ts';

type HostName = 'wavespeed' | 'apiframe';

const loadAdapter = {
  wavespeed: async () => (await import('@imageport/wavespeed')).wavespeedAdapter,
  apiframe: async () => (await import('@imageport/apiframe')).apiframeAdapter,
};

async function toModel(host: HostName, modelId: string, target: Target, setup: OurSetup = {}): Promise<ImageModel> {
  const { createProvider } = await import('@imageport/core');
  const adapter = await loadAdapter[host]();
  const { latency, far, sweep } = setup;
  const families = latency ? adapter.families.map((family) => ({ ...family, latency })) : adapter.families;
  const { url, apiKey } = target;
  const place = far ? { baseUrl: adapter.baseUrl, fetch: reroute(adapter.baseUrl, url) } : { baseUrl: url };
  return createProvider({ ...adapter, families }, { apiKey, sweep, ...place })(modelId);
}

function column(host: HostName, modelId: string, name: string): Client {
  return {
    name,
    packages: ['@imageport/core', `@imageport/${host}`],
    service: host,
    phases: ['submit', 'poll', 'download'],
    call: `\`generateImage({ model: ${host}('${modelId}'), prompt, timeout: 8000 })\`, then \`bytes()\``,
    ours: true,
    async open(target, setup = {}) {
      const { ours = {}, bare } = setup;
      const model = await toModel(host, modelId, target, ours);
      if (!bare) return openSession(model);
      const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';
      return openBare(ours.second ? [model, await toModel(other, modelId, ours.second)] : [model], setup);
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

export const imageportClients: readonly Client[] = [
  column('wavespeed', 'seedream-4', 'imageport: WaveSpeed'),
  column('wavespeed', 'seedream-3', 'imageport: WaveSpeed, seeded'),
  column('apiframe', 'seedream-4', 'imageport: Apiframe'),
];
