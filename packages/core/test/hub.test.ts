import { expect, test } from 'vitest';
import { createWebhookHub, generateImage } from '../src/index.ts';
import { createWorld, hosts, inVirtualTime } from './world.ts';

test.each(hosts)('a webhook of %s ends the wait at once, confirmed by one look', async (host) => {
  const world = createWorld({ generationTime: { fixed: 20_000 } });
  const webhooks = createWebhookHub();
  const polls = () => world.emulator.requests().filter(({ kind }) => kind === 'poll').length;
  const call = { model: world.model(host), prompt: 'x', interval: 60_000, webhooks };
  const duration = await inVirtualTime(async () => {
    const start = performance.now();
    const onEvent = (event: { type: string; job?: { provider: string; id: string } }): void => {
      if (event.type !== 'accepted' || !event.job) return;
      const { job } = event;
      setTimeout(() => webhooks.notify({ job }), 20_100);
    };
    await generateImage({ ...call, onEvent });
    return performance.now() - start;
  });
  expect(duration).toBeLessThan(20_200);
  expect(polls()).toBe(1);
});

test('a webhook that comes too early, twice or never changes nothing but the waiting', async () => {
  const world = createWorld({ generationTime: { fixed: 8_000 } });
  const webhooks = createWebhookHub();
  const call = { model: world.model('apiframe'), prompt: 'x', webhooks };
  const result = await inVirtualTime(() =>
    generateImage({
      ...call,
      onEvent: (event) => {
        if (event.type === 'accepted') for (let k = 0; k < 3; k += 1) webhooks.notify({ job: event.job });
      },
    }),
  );
  expect(result.images).toHaveLength(1);
  expect(world.submits()).toBe(1);
});

test('a webhook settles a submit whose answer was lost, without the list', async () => {
  const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
  const webhooks = createWebhookHub();
  const result = await inVirtualTime(() => {
    setTimeout(() => {
      const [job] = world.emulator.jobs();
      if (!job) throw new Error('the host has no job');
      const { adapter } = world.wavespeed;
      const body = { id: job.id, model: job.model, status: 'completed', outputs: [], input: job.input };
      webhooks.notify({ job: { provider: 'wavespeed', id: job.id }, snapshot: adapter.parse(body) });
    }, 6_000);
    return generateImage({ model: world.model('wavespeed', 'seedream-3'), prompt: 'x', webhooks });
  });
  expect(result.images).toHaveLength(1);
  expect(world.submits()).toBe(1);
});
