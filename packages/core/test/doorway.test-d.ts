// Checked by `tsc -b`: what a caller may write, and what comes back, without a cast.
import { wavespeed } from '@imageport/wavespeed';
import { expectTypeOf } from 'vitest';
import {
  type Billed,
  type Cost,
  type ErrorCode,
  type errorTraits,
  type GeneratedImage,
  type GenerateImageOptions,
  type GenerateImageResult,
  generateImage,
  ImageError,
  type ImageEvent,
  type Job,
  submitImage,
} from '../src/index.ts';

const model = wavespeed('seedream-4');

// One model or a route; every option may be undefined, so that values can be passed through.
expectTypeOf(generateImage).parameter(0).toEqualTypeOf<GenerateImageOptions>();
expectTypeOf({ model, prompt: 'x' }).toExtend<GenerateImageOptions>();
expectTypeOf({
  model: [model, model] as const,
  prompt: 'x',
  seed: undefined,
  size: undefined,
}).toExtend<GenerateImageOptions>();
expectTypeOf({ model }).not.toExtend<GenerateImageOptions>();
expectTypeOf({ model, prompt: 'x', size: { width: 1, height: 1 } }).not.toExtend<GenerateImageOptions>();
expectTypeOf({ model, prompt: 'x', outputFormat: 'gif' as const }).not.toExtend<GenerateImageOptions>();

expectTypeOf(generateImage).returns.resolves.toEqualTypeOf<GenerateImageResult>();
expectTypeOf(submitImage).returns.resolves.toEqualTypeOf<Job>();
expectTypeOf<GenerateImageResult['images'][number]>().toEqualTypeOf<GeneratedImage>();
expectTypeOf<GeneratedImage['bytes']>().returns.resolves.toEqualTypeOf<Uint8Array<ArrayBuffer>>();

// Unknown cost has no amount, so nobody reads it as 0.
expectTypeOf<Extract<Cost, { source: 'unknown' }>['amount']>().toEqualTypeOf<undefined>();
expectTypeOf<Exclude<Cost, { source: 'unknown' }>['amount']>().toEqualTypeOf<number>();

// Every code is in the table, and a switch over it can be exhaustive.
expectTypeOf<keyof typeof errorTraits>().toEqualTypeOf<ErrorCode>();
expectTypeOf<ImageError['billed']>().toEqualTypeOf<Billed>();

function exhaustive(code: ErrorCode): string {
  switch (code) {
    case 'invalid_request':
    case 'unsupported':
    case 'unauthenticated':
    case 'insufficient_credit':
    case 'not_found':
    case 'moderated':
    case 'rate_limited':
    case 'job_failed':
    case 'invalid_response':
    case 'unavailable':
    case 'submission_unknown':
    case 'timeout':
    case 'result_expired':
      return code;
    default: {
      const none: never = code;
      return none;
    }
  }
}
expectTypeOf(exhaustive).returns.toBeString();

const caught: unknown = new Error();
if (ImageError.is(caught)) expectTypeOf(caught).toEqualTypeOf<ImageError>();

// Events are told apart by their type.
const read = (event: ImageEvent): Job | undefined => (event.type === 'accepted' ? event.job : undefined);
expectTypeOf(read).returns.toEqualTypeOf<Job | undefined>();
