import { createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { expect, test } from 'vitest';
import { hedge } from '../../src/hedge/index.ts';
import { generateImage } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

test('a file keeps the job of a hedge under the id of its call, also for the next process', async () => {
  const emulator = createEmulator({
    generationTime: { fixed: 600 },
    faults: [{ host: 'wavespeed', on: 'submit', status: 402, delay: 150 }],
  });
  const wavespeed = createWavespeed({ ...emulator.wavespeed, fetch: emulator.fetch });
  const apiframe = createApiframe({ ...emulator.apiframe, fetch: emulator.fetch });
  const path = folder.path();
  const call = {
    model: [wavespeed('seedream-4'), apiframe('seedream-4')],
    prompt: 'a lighthouse in fog at dawn',
    intentId: 'mine',
    deliver: async () => undefined,
  };
  const first = folder.keep(createFileLedger(path));
  const one = hedge({ after: 20, maxCost: { credit: 100 } });
  const { jobs } = await generateImage({ ...call, ledger: first, hedge: one });
  for await (const { intent } of first.open()) throw new Error(`${intent.id} is still open`);
  await first.close();

  const second = folder.keep(createFileLedger(path));
  const again = await generateImage({ ...call, ledger: second });
  expect(again.jobs.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  expect(emulator.charges()).toHaveLength(1);
  const [owner] = await second.find({ job: jobs[0] ?? expect.unreachable('there is a job') });
  expect(owner?.intent.id).toBe('mine');
});
