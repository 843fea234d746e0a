import { describe, expect, test } from 'vitest';
import { createWebhookHub, generateImage, type ImageEvent, type WebhookHub } from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { createFlicker, failedFrom } from './flicker.ts';
import { pause } from './kit.ts';

// A failure counts when it lasts, however often and however early a webhook reports it.

const prompt = 'a lighthouse in fog at dawn';
type Listen = (event: ImageEvent, webhooks: WebhookHub) => void;

const twice: Listen = (event, webhooks) => {
  if (event.type !== 'accepted') return;
  for (const late of [200, 300]) setTimeout(() => webhooks.notify({ job: event.job }), failedFrom + late);
};
const duringThePoll: Listen = (event, webhooks) => {
  if (event.type === 'polling' && event.polls === 0) webhooks.notify({ job: event.job });
};

describe('D15: a job that is shown as failed for a second, and then as completed', () => {
  test.each([
    ['no webhook', 4_500, () => undefined],
    ['a webhook that comes twice', 30_000, twice],
    ['a webhook that comes during a poll', 4_500, duringThePoll],
  ] satisfies [string, number, Listen][])(
    'is not given up after %s: no other model is paid',
    async (_, interval, listen) => {
      const world = createFlicker();
      const webhooks = createWebhookHub();
      const model = [world.apiframe('seedream-4'), world.wavespeed('seedream-4')];
      const { images, attempts, charges } = await inVirtualTime(async () => {
        const onEvent = (event: ImageEvent): void => listen(event, webhooks);
        const result = await generateImage({ model, prompt, webhooks, interval, onEvent });
        await pause(30_000);
        return { ...result, charges: world.emulator.charges() };
      });
      expect(attempts).toMatchObject([{ provider: 'apiframe', outcome: 'completed', billed: 'yes' }]);
      expect(charges).toMatchObject([{ host: 'apiframe', refunded: false }]);
      expect(images.map(({ job }) => job.id)).toEqual(charges.map(({ jobId }) => jobId));
    },
  );
});

describe.each(hosts)('D15: webhooks of %s that are early, late, doubled or of another job', (host) => {
  test('change nothing about the picture, and each poll at most once more', async () => {
    const world = createWorld();
    const webhooks = createWebhookHub();
    const { images, attempts } = await inVirtualTime(async () => {
      webhooks.notify({ job: { provider: host, id: 'of-somebody-else' } });
      const onEvent = (event: ImageEvent): void => {
        if (event.type === 'accepted') for (let count = 0; count < 20; count += 1) webhooks.notify({ job: event.job });
      };
      const result = await generateImage({ model: world.model(host), prompt, webhooks, onEvent });
      for (const { job } of result.images) for (let count = 0; count < 1_000; count += 1) webhooks.notify({ job });
      return result;
    });
    const polls = world.emulator.requests().filter(({ kind }) => kind === 'poll');
    expect(images).toHaveLength(1);
    expect(attempts).toHaveLength(1);
    expect(polls.length).toBeLessThanOrEqual(3);
    expect(world.emulator.charges()).toHaveLength(1);
  });
});
