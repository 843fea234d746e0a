import { expect, test } from 'vitest';
import { createWavespeed, wavespeed, wavespeedAdapter } from '../src/index.ts';

test('an account is made without a key, and is called with a model id', () => {
  expect(wavespeed.adapter).toBe(wavespeedAdapter);
  expect(wavespeed('seedream-4')).toEqual({ provider: wavespeed, modelId: 'seedream-4' });
});

test('two accounts do not share anything', () => {
  const [one, other] = [createWavespeed({ apiKey: 'one' }), createWavespeed({ apiKey: 'other' })];
  expect(one('seedream-4').provider).toBe(one);
  expect(other('seedream-4').provider).toBe(other);
  expect(one).not.toBe(other);
});
