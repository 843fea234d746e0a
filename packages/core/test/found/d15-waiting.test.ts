import { describe, expect, test } from 'vitest';
import { createMemoryLedger, type Ledger, submitImage, waitForImage } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';
import { accepted, delivered, sending, settled, useFolder, write } from '../ledger/folder.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended, open } from './kit.ts';

// Who waits for a job has paid for it already: waiting never submits, whatever became of the job and of its intent.

const folder = useFolder();
const prompt = 'a lighthouse in fog at dawn';
/** More than a ledger in memory keeps of what is delivered. */
const manyOthers = 1_001;

describe.each(hosts)('D15: to wait for a job of %s that failed and costs nothing', (host) => {
  const play = () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }] });
    const call = { model: world.model(host), prompt, ledger: createMemoryLedger() };
    return { world, call };
  };

  test('a second time says the same and sends nothing', async () => {
    const { world, call } = play();
    const [job, ...waits] = await inVirtualTime(async () => {
      const job = await submitImage(call);
      const wait = () => ended(waitForImage(call.model, job, call));
      return [job, await wait(), await wait()] as const;
    });
    for (const { error } of waits)
      expect(error).toMatchObject({ code: 'job_failed', billed: 'no', job: { id: job.id } });
    expect(world.submits()).toBe(1);
  });

  test('twice at once says the same and sends nothing', async () => {
    const { world, call } = play();
    const waits = await inVirtualTime(async () => {
      const job = await submitImage(call);
      return Promise.all([1, 2].map(() => ended(waitForImage(call.model, job, call))));
    });
    for (const { error } of waits) expect(error).toMatchObject({ code: 'job_failed', billed: 'no' });
    expect(world.submits()).toBe(1);
  });

  test('leaves it to `submitImage` of the same id to ask anew, which gives no dead job', async () => {
    const { world, call } = play();
    const named = { ...call, intentId: 'one' };
    const { first, second, status } = await inVirtualTime(async () => {
      const first = await submitImage(named);
      await ended(waitForImage(call.model, first, call));
      const second = await submitImage(named);
      return { first, second, status: await waitForImage(call.model, second, call) };
    });
    expect(second.id).not.toBe(first.id);
    expect(status).toMatchObject({ state: 'completed', job: { id: second.id } });
    expect(world.submits()).toBe(2);
  });

  test('in another process, over a ledger file, says the same and sends nothing', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }], generationTime: { fixed: 50 } });
    const path = folder.path();
    const model = open(world, host)('seedream-4');
    const inProcess = async <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => {
      const ledger = createFileLedger(path);
      try {
        return await work(ledger);
      } finally {
        await ledger.close();
      }
    };
    const job = await inProcess((ledger) => submitImage({ model, prompt, ledger }));
    for (let process = 1; process <= 2; process += 1) {
      const { error } = await inProcess((ledger) => ended(waitForImage(model, job, { ledger, interval: 50 })));
      expect(error).toMatchObject({ code: 'job_failed', billed: 'no' });
    }
    expect(world.submits()).toBe(1);
  });
});

describe.each(hosts)('D15: to wait for a job of %s whose intent the ledger has forgotten', (host) => {
  test('polls the job, and submits no empty prompt', async () => {
    const world = createWorld();
    const ledger = createMemoryLedger();
    const model = world.model(host);
    const { job, status } = await inVirtualTime(async () => {
      const job = await submitImage({ model, prompt, ledger });
      await waitForImage(model, job, { ledger });
      for (let index = 0; index < manyOthers; index += 1)
        await write(ledger, `other-${index}`, [sending(1), accepted(`job-${index}`), settled(), delivered()]);
      return { job, status: await waitForImage(model, job, { ledger }) };
    });
    expect(status.state).toBe('completed');
    expect(status.images.map((image) => image.job.id)).toEqual([job.id]);
    expect(world.submits()).toBe(1);
  });
});
