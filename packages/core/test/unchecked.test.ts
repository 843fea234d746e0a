import { expect, test } from 'vitest';
import { checkImage, generateImage } from '../src/index.ts';
import { createStudio } from './verbs/kit.ts';
import { inVirtualTime } from './world.ts';

const prompt = 'a lighthouse';
const outside = [expect.stringMatching(/^fake:studio\/newest is in no table, so nothing about it was checked/)];
const createHost = () => createStudio({ catalogue: { load: async () => [] } });

test('a model that is in no table says before it is asked that nothing was checked', async () => {
  const model = createHost().model('studio/newest');
  const [check] = await checkImage({ model, prompt, unchecked: true });
  expect(check).toMatchObject({ verdict: 'supported', price: { source: 'unknown' }, warnings: outside });
});

test('a picture of one says so in its warnings, and in what was applied', async () => {
  const model = createHost().model('studio/newest');
  const { warnings, applied } = await inVirtualTime(() => generateImage({ model, prompt, unchecked: true }));
  expect(warnings).toEqual(outside);
  expect(applied.unchecked).toEqual({ model: true, fields: [] });
});

test('what a table vouches for is applied without a word about it', async () => {
  const model = createHost().model('paint');
  const { applied } = await inVirtualTime(() => generateImage({ model, prompt, unchecked: true }));
  expect(applied).not.toHaveProperty('unchecked');
});
