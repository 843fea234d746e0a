import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { ownClock } from './clock.ts';
import { createWorld, imagesOf, prompt, until } from './world.ts';

/** The events of a stream: what stands behind `data:`, or the text of a comment. */
const eventsOf = (text: string): { name?: string | undefined; data?: unknown; comment?: string }[] =>
  text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      if (block.startsWith(':')) return { comment: block.slice(2) };
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return { name, data: JSON.parse(data) as unknown };
    });

it('openai-node reads a stream to its picture', async () => {
  const world = createWorld();
  const client = new OpenAI({
    ...{ baseURL: 'http://gateway.example/v1', apiKey: 'any' },
    fetch: (input, init) => world.gateway.fetch(new Request(input, init)),
  });
  const stream = await client.images.generate({ model: 'hero', prompt, n: 2, stream: true, partial_images: 2 });
  const events: unknown[] = [];
  for await (const event of stream) events.push(event);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    ...{ type: 'image_generation.completed', output_format: 'jpeg', b64_json: expect.stringMatching(/^\/9j\//) },
    size: expect.stringMatching(/^\d+x\d+$/),
  });
  await until(() => world.entries.length === 1);
  expect(world.entries[0]).toMatchObject({ status: 200, cost: '0.054 USD; listed' });
});

it('a failure in a stream is an error event, which openai-node throws', async () => {
  const world = createWorld();
  world.emulator.inject({ on: 'submit', job: 'moderated' });
  const client = new OpenAI({
    ...{ baseURL: 'http://gateway.example/v1', apiKey: 'any' },
    fetch: (input, init) => world.gateway.fetch(new Request(input, init)),
  });
  const stream = await client.images.generate({ model: 'hero', prompt, stream: true });
  const reading = (async () => {
    for await (const _ of stream);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'moderation_blocked', type: 'image_generation_user_error' });
  expect(world.entries).toEqual([expect.objectContaining({ status: 200, code: 'moderation_blocked' })]);
});

it('what is wrong with a request is told with a status, stream or not', async () => {
  const world = createWorld();
  const response = await world.ask({ prompt, stream: true, n: 99 });
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json']);
});

it('a stream shows every 15 seconds that it lives', async () => {
  const world = createWorld({ emulated: { generationTime: { fixed: 50_000 } } });
  const clock = ownClock();
  const response = await world.ask({ prompt, stream: true });
  const events = eventsOf(await clock.until(response.text()));
  const comments = events.filter(({ comment }) => comment === 'still at work').length;
  expect(comments).toBeGreaterThanOrEqual(3);
  expect(comments).toBeLessThanOrEqual(6);
  expect(events.at(-1)).toMatchObject({ name: 'image_generation.completed' });
});

it('a stream that is left before its picture came has not handed it over', async () => {
  const world = createWorld();
  const response = await world.ask({ prompt, stream: true });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await world.gateway.idle();
  const again = await world.ask({ prompt });
  expect(again.headers.get('x-imageport-replayed')).toBe('true');
  expect((await imagesOf(again)).data).toHaveLength(1);
  expect(world.charges()).toBe(1);
});

it('an answer that was not read to its end has not been handed over, and one that was has', async () => {
  const world = createWorld();
  const first = await world.ask({ prompt });
  const reader = first.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const second = await world.ask({ prompt });
  await second.arrayBuffer();
  const third = await world.ask({ prompt });
  await third.arrayBuffer();
  const ids = [first, second, third].map(({ headers }) => headers.get('x-imageport-intent-id'));
  expect([ids[0] === ids[1], ids[1] === ids[2], world.charges()]).toEqual([true, false, 2]);
});
