import { expect, test } from 'vitest';
import { apiframe, apiframeAdapter, createApiframe } from '../src/index.ts';

test('an account is made without a key, and is called with a model id', () => {
  expect(apiframe.adapter).toBe(apiframeAdapter);
  expect(apiframe('seedream-4')).toEqual({ provider: apiframe, modelId: 'seedream-4' });
});

test('two accounts do not share anything', () => {
  const [one, other] = [createApiframe({ apiKey: 'afk_one' }), createApiframe({ apiKey: 'afk_other' })];
  expect(one('seedream-4').provider).toBe(one);
  expect(other('seedream-4').provider).toBe(other);
  expect(one).not.toBe(other);
});
