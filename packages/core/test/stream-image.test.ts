import { expect, test } from 'vitest';
import { type ImageEvent, streamImage } from '../src/index.ts';
import { createWorld, inVirtualTime } from './world.ts';

test('events can be read with a loop that ends with the call', async () => {
  const world = createWorld();
  const types = await inVirtualTime(async () => {
    const stream = streamImage({ model: world.model('wavespeed'), prompt: 'x' });
    const seen: string[] = [];
    for await (const { type } of stream) seen.push(type);
    expect((await stream.result).images).toHaveLength(1);
    return seen;
  });
  expect(types.slice(0, 2)).toEqual(['submitting', 'accepted']);
  expect(types.at(-1)).toBe('settled');
});

test('a call that fails ends the loop too; only its result throws', async () => {
  const world = createWorld({ faults: [{ on: 'submit', status: 401 }] });
  const stream = streamImage({ model: world.model('wavespeed'), prompt: 'x' });
  const seen: string[] = [];
  for await (const event of stream) seen.push(event.type);
  expect(seen.at(-1)).toBe('settled');
  await expect(stream.result).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a listener of the caller still hears everything, and may fail by itself', async () => {
  const world = createWorld();
  const heard: string[] = [];
  const onEvent = async ({ type }: ImageEvent) => {
    heard.push(type);
    throw new Error('mine');
  };
  const result = await inVirtualTime(
    () => streamImage({ model: world.model('wavespeed'), prompt: 'x', onEvent }).result,
  );
  expect(result.images).toHaveLength(1);
  expect(heard.at(-1)).toBe('settled');
  const wrong = streamImage({ model: world.model('wavespeed'), prompt: 'x', onEvent: 'log' as never });
  await expect(wrong.result).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a loop that is left early leaves the call alone, and a second loop sees everything', async () => {
  const world = createWorld();
  await inVirtualTime(async () => {
    const stream = streamImage({ model: world.model('apiframe'), prompt: 'x' });
    for await (const _ of stream) break;
    expect((await stream.result).images).toHaveLength(1);
    const again: string[] = [];
    for await (const { type } of stream) again.push(type);
    expect(again[0]).toBe('submitting');
  });
});
