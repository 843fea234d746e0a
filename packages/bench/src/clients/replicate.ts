import type { FileOutput } from 'replicate';
import { delivery } from '../servers/replicate.ts';
import type { Target } from '../servers/test-server.ts';
import { type Client, prompt, reroute, type Session, type Setup, until } from './client.ts';

/** The official client of Replicate. `blob()` of its FileOutput is the documented way to the picture. */
export const replicateClient: Client = {
  name: 'replicate',
  packages: ['replicate'],
  service: 'replicate',
  phases: ['submit', 'poll', 'download'],
  call: '`replicate.run(model, { input, signal: AbortSignal.timeout(8000) })`, then `blob()`',
  open: openSession,
};

async function openSession({ url, apiKey }: Target, { poll, bare }: Setup = {}): Promise<Session> {
  const { default: Replicate } = await import('replicate');
  const replicate = new Replicate({
    auth: apiKey,
    baseUrl: `${url}/v1`,
    fetch: reroute(delivery, `${url}/delivery`),
  });
  const wait = poll === undefined ? {} : { wait: { mode: 'poll', interval: poll } as const };
  let files: FileOutput[] = [];
  return {
    async run(deadline, words = prompt) {
      const options = { input: { prompt: words }, ...until(deadline), ...wait };
      const output = await replicate.run('black-forest-labs/flux-schnell', options);
      const made = Array.isArray(output) ? (output as FileOutput[]) : [];
      files = made;
      if (bare) return { pictures: made.length, held: made };
      const pictures = await Promise.all(made.map(async (file) => (await file.blob()).arrayBuffer()));
      return { pictures: pictures.length, held: pictures };
    },
    // The addresses are in the caller's hands as soon as `run` has ended, whatever becomes of a download.
    kept: async () => files.map((file) => String(file.url())),
  };
}
