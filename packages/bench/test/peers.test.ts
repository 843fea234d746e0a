import { expect, test, vi } from 'vitest';
import { clients } from '../src/clients/index.ts';
import { measure } from '../src/measure.ts';
import { playHere } from './play-here.ts';

vi.setConfig({ maxConcurrency: 20, testTimeout: 120_000 });

test.concurrent.each(clients)('$name gets its picture from the server made for it', async (client) => {
  const run = await measure({ client, play: (errand) => playHere({ ...errand, deadline: 25_000 }) });
  expect(run).toMatchObject({ paid: 1, lost: 0, outcome: 'ok' });
});

test.concurrent('a call under the watchdog ends with its worker', async () => {
  const client = clients.find(({ name }) => name === 'openai');
  if (!client) throw new Error('no client');
  expect(await measure({ client })).toMatchObject({ paid: 1, lost: 0, outcome: 'ok' });
});
