import { createWavespeed } from '../../../wavespeed/src/index.ts';
import { generateImage } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';

// Opens a ledger, says so, waits for a line, and then makes the one picture that every such process is asked for.
const [, , path = '', baseUrl = '', apiKey = ''] = process.argv;
const say = (word: string, detail: unknown = ''): void => void process.stdout.write(`${word} ${String(detail)}\n`);
const ledger = createFileLedger(path);
const request = { prompt: 'x', images: [], fit: 'exact', providerOptions: {} } as const;
const reasonOf = (error: unknown): unknown => (error as { reason?: unknown }).reason ?? error;

process.stdin.on('end', () => process.exit());
try {
  await ledger.begin({ id: 'shared', createdAt: 1, route: [], request });
  say('open', process.pid);
  process.stdin.once('data', async () => {
    const model = createWavespeed({ apiKey, baseUrl })('seedream-4');
    const call = { model, prompt: 'a pier', ledger, intentId: 'one', interval: 50, timeout: 20_000 };
    await generateImage(call).then(
      () => say('picture'),
      (error: unknown) => say('error', reasonOf(error)),
    );
  });
} catch (error) {
  say('refused', reasonOf(error));
}
