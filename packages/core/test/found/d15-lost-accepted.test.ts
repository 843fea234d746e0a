import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage, type Ledger } from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended, listOpen } from './kit.ts';

/** A ledger that refuses to write down what a host accepted, so many times. */
function forgetful(store: Ledger, times: number): Ledger {
  let refused = 0;
  return {
    ...store,
    append: async (intentId, fence, event, length) => {
      if (event.type === 'accepted' && refused < times) {
        refused += 1;
        throw new Error('the connection was refused');
      }
      return store.append(intentId, fence, event, length);
    },
  };
}

describe.each(hosts)('D15: a ledger that could not write down what %s accepted', (host) => {
  test.each([1, 2, 3])(
    '%d times, and writes again: the delivered picture is found under the same id',
    async (times) => {
      const world = createWorld();
      const store = createMemoryLedger();
      const call = { model: world.model(host), prompt: 'a pier', ledger: forgetful(store, times), intentId: 'one' };
      const { first, left, again } = await inVirtualTime(async () => ({
        first: await ended(generateImage({ ...call, deliver: async () => undefined })),
        left: await listOpen(store),
        again: await ended(generateImage(call)),
      }));
      const jobs = world.emulator.charges().map(({ jobId }) => jobId);
      expect(jobs).toHaveLength(1);
      expect(first.jobs).toEqual(jobs);
      expect(again.jobs).toEqual(jobs);
      expect(left).toEqual([]);
    },
  );
});
