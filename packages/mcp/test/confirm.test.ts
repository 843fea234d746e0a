import type { InputRequiredResult } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { type AnyClient, connect, createWorld, type Kind, prompt, questions } from './world.ts';

const confirmAbove = { USD: 0.02 };
const asking: readonly Kind[] = ['v2 in memory', 'v2 of the old era', 'v1 in memory', 'v2 over HTTP'];

describe.each(asking)('above the limit, a client %s', (kind) => {
  test('asks its user, and a yes pays once', async () => {
    const { images, charges } = await createWorld({ confirmAbove });
    const { call } = await connect(images, kind, { elicit: 'accept' });
    questions.length = 0;
    const { data } = await call('generate_image', { prompt });
    expect(data).toMatchObject({ status: 'completed' });
    expect(questions).toEqual(['This costs up to 0.027 USD. Shall it be made?']);
    expect(charges()).toBe(1);
  });

  test.each(['decline', 'cancel'] as const)('that says %s spends nothing', async (elicit) => {
    const { images, submits } = await createWorld({ confirmAbove });
    const { call } = await connect(images, kind, { elicit });
    const { data, isError } = await call('generate_image', { prompt });
    expect(isError).toBe(true);
    expect(data.error).toMatchObject({ code: 'declined', billed: 'no' });
    expect(submits()).toBe(0);
  });

  test('asks for each of several calls with one intent id, and a no to all of them spends nothing', async () => {
    const { images, submits } = await createWorld({ confirmAbove });
    const { call } = await connect(images, kind, { elicit: 'decline' });
    const named = { prompt, intent_id: 'cover' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => call('generate_image', named)));
    expect(answers.map(({ data }) => data.error?.code)).toEqual(Array.from({ length: 4 }, () => 'declined'));
    expect(submits()).toBe(0);
  });

  test('cannot have more pictures under the id of fewer, asked or not', async () => {
    const { images, charges } = await createWorld({ confirmAbove, budget: { USD: 0.06 } });
    const { call } = await connect(images, kind, { elicit: 'decline' });
    await call('generate_image', { prompt, intent_id: 'cover', max_cost: { USD: 0.03 } });
    const { data, isError } = await call('generate_image', { prompt, intent_id: 'cover', n: 5 });
    expect(isError).toBe(true);
    expect(data.error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(charges()).toBe(1);
  });

  test('that cannot ask is told the price, and repeats with `max_cost`', async () => {
    const { images, charges, submits } = await createWorld({ confirmAbove });
    const { call } = await connect(images, kind);
    const { data } = await call('generate_image', { prompt });
    expect(data.error).toMatchObject({ code: 'confirmation_needed', billed: 'no' });
    expect(data.error.message).toContain('0.027 USD');
    expect((await call('generate_image', { prompt, max_cost: { USD: 0.01 } })).data.error.code).toBe(
      'confirmation_needed',
    );
    expect(submits()).toBe(0);
    expect((await call('generate_image', { prompt, max_cost: { USD: 0.027 } })).isError).toBe(false);
    expect(charges()).toBe(1);
  });
});

test('a client of the old era over HTTP has no way to ask, and is told the price', async () => {
  const { images, submits } = await createWorld({ confirmAbove });
  const { call } = await connect(images, 'v1 over HTTP', { elicit: 'accept' });
  expect((await call('generate_image', { prompt })).data.error.code).toBe('confirmation_needed');
  expect(submits()).toBe(0);
});

test('below the limit nobody is asked', async () => {
  const { images, charges } = await createWorld({ confirmAbove: { USD: 0.03 } });
  const { call } = await connect(images, 'v2 in memory', { elicit: 'decline' });
  expect((await call('generate_image', { prompt })).isError).toBe(false);
  expect((await call('generate_image', { prompt, n: 2 })).data.error.code).toBe('declined');
  expect(charges()).toBe(1);
});

test('`max_cost` holds without a limit too', async () => {
  const { images, submits } = await createWorld();
  const { call } = await connect(images);
  const { data } = await call('generate_image', { prompt, max_cost: { USD: 0.01 } });
  expect(data.error).toMatchObject({ code: 'unsupported', reason: 'over_budget', billed: 'no' });
  expect(submits()).toBe(0);
});

describe('a yes', () => {
  const yes = { cost: { action: 'accept', content: { confirm: true } } } as const;
  const begin = async (client: AnyClient['client'], input: object): Promise<string> => {
    const params = { name: 'generate_image', arguments: { ...input } };
    const result = await client.callTool(params, { allowInputRequired: true } as never);
    return (result as unknown as InputRequiredResult).requestState ?? '';
  };
  const answer = async (client: AnyClient['client'], input: object, requestState: string) => {
    const params = { name: 'generate_image', arguments: { ...input }, inputResponses: yes, requestState };
    return client.callTool(params as never, { allowInputRequired: true } as never) as Promise<{
      readonly resultType?: string;
      readonly isError?: boolean;
      readonly structuredContent?: object;
    }>;
  };

  test('counts for the request it was given to, and once', async () => {
    const { images, charges, submits } = await createWorld({ confirmAbove });
    const { client } = await connect(images, 'v2 in memory', { elicit: 'accept' });
    const state = await begin(client, { prompt });
    expect((await answer(client, { prompt: 'a harbour' }, state)).resultType).toBe('input_required');
    expect((await answer(client, { prompt, n: 3 }, state)).resultType).toBe('input_required');
    expect(submits()).toBe(0);
    expect((await answer(client, { prompt }, state)).structuredContent).toMatchObject({ status: 'completed' });
    expect((await answer(client, { prompt }, state)).resultType).toBe('input_required');
    expect(charges()).toBe(1);
  });

  test("without what was signed, or with another server's signature, is refused", async () => {
    const { images, submits } = await createWorld({ confirmAbove });
    const other = await createWorld({ confirmAbove });
    const { client } = await connect(images, 'v2 in memory', { elicit: 'accept' });
    const { client: stranger } = await connect(other.images, 'v2 in memory', { elicit: 'accept' });
    const [own, foreign] = [await begin(client, { prompt }), await begin(stranger, { prompt })];
    expect(own).not.toBe('');
    await expect(answer(client, { prompt }, foreign)).rejects.toThrow(/requestState/);
    await expect(answer(client, { prompt }, `${own.slice(0, -2)}AA`)).rejects.toThrow(/requestState/);
    expect((await answer(client, { prompt }, undefined as unknown as string)).resultType).toBe('input_required');
    expect(submits()).toBe(0);
  });
});
