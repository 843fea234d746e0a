import { expect, test, vi } from 'vitest';
import { generateImage } from '../../src/index.ts';
import type { LedgerEvent } from '../../src/ledger/ledger.ts';
import { appendAtOnce, createMemoryLedger } from '../../src/ledger/memory.ts';
import { open } from '../found/kit.ts';
import { createWorld } from '../world.ts';

const model = () => open(createWorld({ generationTime: { fixed: 0 } }), 'wavespeed')('seedream-4');
const whole = ['sending', 'accepted', 'settled', 'delivered'];

test('a ledger around the one in memory is told of every event', async () => {
  const inner = createMemoryLedger();
  const told: string[] = [];
  const ledger = {
    ...inner,
    append: (id: string, fence: number, event: LedgerEvent, length?: number): Promise<void> => {
      told.push(event.type);
      return inner.append(id, fence, event, length);
    },
  };
  expect(appendAtOnce(ledger)).toBeUndefined();
  await generateImage({ model: model(), prompt: 'a pier', ledger });
  expect(told).toEqual(whole);
});

test('so is a method that was put in its place', async () => {
  const ledger = createMemoryLedger();
  const append = vi.spyOn(ledger, 'append');
  await generateImage({ model: model(), prompt: 'a pier', ledger });
  expect(append.mock.calls.map(([, , event]) => event.type)).toEqual(whole);
});

test('what is written at once is in the record when it returns, and a refusal is thrown', async () => {
  const ledger = createMemoryLedger();
  const append = appendAtOnce(ledger);
  const request = { prompt: 'x', images: [], fit: 'exact', providerOptions: {} } as const;
  const { record } = await ledger.begin({ id: 'i', createdAt: 1, request, route: [] });
  const { fence = -1 } = (await ledger.claim('i', 'me', 10_000)) ?? {};
  append?.('i', fence, { type: 'delivered', at: 1 }, 0);
  expect(record.events).toEqual([]);
  expect((await ledger.claim('i', 'me', 10_000))?.record.events).toHaveLength(1);
  expect(() => append?.('i', fence - 1, { type: 'delivered', at: 2 })).toThrow(
    expect.objectContaining({ reason: 'ledger_stale' }),
  );
});
