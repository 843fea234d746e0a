// Checked by `tsc -b`: what a batch may be given, and how its results are told apart.
import { wavespeed } from '@imageport/wavespeed';
import { expectTypeOf } from 'vitest';
import {
  createImageClient,
  createMemoryLedger,
  type Deliver,
  type GenerateImageResult,
  generateImage,
  generateImages,
  type ImageBatchResult,
  type ImageError,
  type Job,
  resumeImages,
} from '../../src/index.ts';

const model = wavespeed('seedream-4');

// What is common to all may be left out, and what is not must be there.
generateImages([{ prompt: 'a fox' }], { model, deliver: async ({ url }, { index }) => console.log(url, index) });
generateImages([{ model, prompt: 'a fox' }]);
generateImages([{ seed: 7 }, { seed: 8 }], { model, prompt: 'a fox' });
generateImages(new Set([{ prompt: 'a fox', model: undefined }]), { model });
createImageClient({ model }).generateImages([{ prompt: 'a fox' }], { concurrency: 4 });
// What takes one picture over takes those of every call.
const keep: Deliver = async ({ url }, { intentId }) => console.log(url, intentId);
generateImage({ model, prompt: 'a fox', deliver: keep });
generateImages([{ prompt: 'a fox', deliver: keep }], { model, deliver: keep });
createImageClient({ model, deliver: keep }).resumeImages({ models: [model] });
resumeImages({ ledger: createMemoryLedger(), models: [model], deliver: keep });
// @ts-expect-error nobody says which model
generateImages([{ prompt: 'a fox' }], { concurrency: 4 });
// @ts-expect-error nobody says what to draw
generateImages([{ size: '1024x1024' }], { model });
// @ts-expect-error a typing error
generateImages([{ prompt: 'a fox', aspectratio: '1:1' }], { model });
// @ts-expect-error a typing error in what is common
generateImages([{ prompt: 'a fox' }], { model, concurency: 4 });

async function read(): Promise<Job[]> {
  const jobs: Job[] = [];
  for await (const each of generateImages([{ prompt: 'a fox' }], { model })) {
    expectTypeOf(each).toEqualTypeOf<ImageBatchResult>();
    if (each.outcome === 'completed') expectTypeOf(each.result).toEqualTypeOf<GenerateImageResult>();
    if (each.outcome === 'not_started') expectTypeOf(each.error).toEqualTypeOf<ImageError>();
    if (each.outcome === 'aborted') jobs.push(...each.jobs);
    else if (each.error) expectTypeOf(each.error).toEqualTypeOf<ImageError>();
    else expectTypeOf(each.result.jobs).toEqualTypeOf<readonly Job[]>();
  }
  return jobs;
}
expectTypeOf(read).returns.resolves.toEqualTypeOf<Job[]>();
