import type { ImageModel } from '@imageport/core';
import type { Target } from '../servers/test-server.ts';
import { type Client, prompt, type Session } from './client.ts';

const toModel = {
  async wavespeed({ url, apiKey }: Target, modelId: string): Promise<ImageModel> {
    const { createWavespeed } = await import('@imageport/wavespeed');
    return createWavespeed({ apiKey, baseUrl: url })(modelId);
  },
  async apiframe({ url, apiKey }: Target, modelId: string): Promise<ImageModel> {
    const { createApiframe } = await import('@imageport/apiframe');
    return createApiframe({ apiKey, baseUrl: url })(modelId);
  },
};

function column(host: keyof typeof toModel, modelId: string, name: string): Client {
  return {
    name,
    packages: ['@imageport/core', `@imageport/${host}`],
    service: host,
    phases: ['submit', 'poll', 'download'],
    call: `\`generateImage({ model: ${host}('${modelId}'), prompt, timeout: 8000 })\`, then \`bytes()\``,
    ours: true,
    open: async (target) => openSession(await toModel[host](target, modelId)),
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
    async run(deadline) {
      const end = performance.now() + deadline;
      const { images, jobs } = await generateImage({ model, prompt, timeout: deadline, ledger });
      for (const image of images) await image.bytes({ timeout: Math.max(1, end - performance.now()) });
      return { pictures: images.length, held: jobs };
    },
    kept: read,
    resume: async () => [await resumeImages({ ledger, models: [model], timeout: 8_000 }), await read()],
  };
}

export const imageportClients: readonly Client[] = [
  column('wavespeed', 'seedream-4', 'imageport: WaveSpeed'),
  column('wavespeed', 'seedream-3', 'imageport: WaveSpeed, seeded'),
  column('apiframe', 'seedream-4', 'imageport: Apiframe'),
];
