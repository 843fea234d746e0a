import { expect, test } from 'vitest';
import { createMemoryLedger, generateImage, type Ledger } from '../src/index.ts';
import { createWorld, inVirtualTime } from './world.ts';

test('an aborted call ends although the ledger hangs at its last write', async () => {
  const refusal = { host: 'wavespeed', on: 'submit', status: 429, headers: { 'retry-after': '60' } } as const;
  const world = createWorld({ faults: [refusal] });
  const memory = createMemoryLedger();
  const ledger: Ledger = {
    ...memory,
    append(id, fence, event, length) {
      const hangs = event.type === 'delivered';
      return hangs ? new Promise(() => undefined) : memory.append(id, fence, event, length);
    },
  };
  const controller = new AbortController();
  const reason = new Error('enough');
  const start = performance.now();
  await inVirtualTime(async () => {
    setTimeout(() => controller.abort(reason), 2_000);
    const call = generateImage({ model: world.model('wavespeed'), prompt: 'x', ledger, signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(3_500);
  });
});
