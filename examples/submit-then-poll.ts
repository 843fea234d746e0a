// In three steps, for a server that must not hold a request: submit here, poll there, finish anywhere.
import { pollImage, submitImage, waitForImage } from '@imageport/core';
import { apiframe } from './providers.ts';

const job = await submitImage({ model: apiframe('seedream-4'), prompt: 'a lighthouse in fog at dawn' });
const stored = JSON.stringify(job); // plain data without credentials: for a queue, a row, a cookie
console.log('stored:', stored);

const known = JSON.parse(stored);
const model = apiframe(known.modelId);
console.log('first poll:', (await pollImage(model, known)).state);

const { state, images, cost } = await waitForImage(model, known, { timeout: 60_000 });
console.log(`then: ${state}, ${images[0]?.url}`);
console.log('cost:', cost);
