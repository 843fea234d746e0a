import type { FileOutput } from 'replicate';
import { delivery } from '../servers/replicate.ts';
import type { Target } from '../servers/test-server.ts';
import { type Client, prompt, reroute, type Session } from './client.ts';

/** The official client of Replicate. `blob()` of its FileOutput is the documented way to the picture. */
export const replicateClient: Client = {
  name: 'replicate',
  packages: ['replicate'],
  service: 'replicate',
  phases: ['submit', 'poll', 'download'],
  call: '`replicate.run(model, { input, signal: AbortSignal.timeout(8000) })`, then `blob()`',
  open: openSession,
};

async function openSession({ url, apiKey }: Target): Promise<Session> {
  const { default: Replicate } = await import('replicate');
  const files: FileOutput[] = [];
  return {
    async run(deadline) {
      const fetch = reroute(delivery, `${url}/delivery`);
      const replicate = new Replicate({ auth: apiKey, baseUrl: `${url}/v1`, fetch });
      const signal = AbortSignal.timeout(deadline);
      const output = await replicate.run('black-forest-labs/flux-schnell', { input: { prompt }, signal });
      if (Array.isArray(output)) files.push(...(output as FileOutput[]));
      const pictures = await Promise.all(files.map(async (file) => (await file.blob()).arrayBuffer()));
      return { pictures: pictures.length, held: pictures };
    },
    // The addresses are in the caller's hands as soon as `run` has ended, whatever becomes of a download.
    kept: async () => files.map((file) => String(file.url())),
  };
}
