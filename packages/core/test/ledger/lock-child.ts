import { writeSync } from 'node:fs';
import { createFileLedger } from '../../src/node/file-ledger.ts';
import { accepted, delivered, sending, settled, toIntent } from './events.ts';

/**
 * A process that uses a ledger: `hold` opens it and stays, `append` writes until it is killed,
 * `deliver` does so to intents that end, and rewrites the file all the time.
 */
const [, , path = '', mode = ''] = process.argv;
const ledger = createFileLedger(path, mode === 'deliver' ? { compactAbove: 4_000 } : {});
/** Said before anything else happens. A full pipe makes the process wait, as it must. */
function say(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error;
    }
  }
}

async function append(): Promise<void> {
  const id = `${process.pid}`;
  const request = { prompt: 'x'.repeat(300), images: [], fit: 'exact', providerOptions: {} } as const;
  await ledger.begin({ id, createdAt: Date.now(), request, route: [] });
  const { fence } = (await ledger.claim(id, 'me', 60_000)) ?? { fence: -1 };
  const lane = async (first: number): Promise<void> => {
    for (let n = first; ; n += 3) {
      await ledger.append(id, fence, sending(n));
      say(`${id} ${n}`);
    }
  };
  await Promise.all([lane(1), lane(2), lane(3)]);
}

async function deliver(): Promise<void> {
  const lane = async (name: string): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const id = `${process.pid} ${name} ${n}`;
      const { fence = -1 } = await ledger.begin(toIntent(id), { owner: id, duration: 60_000 });
      for (const event of [sending(1), accepted(`job of ${id}`), settled(), delivered()]) {
        await ledger.append(id, fence, event);
      }
      say(id);
    }
  };
  await Promise.all(['a', 'b', 'c'].map(lane));
}

try {
  await ledger.begin({
    ...{ id: 'shared', createdAt: 1, route: [] },
    request: { prompt: '', images: [], fit: 'exact', providerOptions: {} },
  });
  say('open');
  if (mode === 'append') await append();
  if (mode === 'deliver') await deliver();
  setInterval(() => undefined, 1_000);
} catch (error) {
  say(JSON.stringify(error));
}
