import { APICallError } from '@ai-sdk/provider';
import { errorTraits, ImageError } from '@imageport/core';

/**
 * An error as the AI SDK reads it: repeated where that is free, because nothing was spent, or because the paid job is only
 * waited for again. No prompt, no key and no picture's address is in it. What is no `ImageError`, such as the reason of an
 * abort, stays as it is.
 */
export function toCallError(error: unknown, modelId: string): unknown {
  if (!ImageError.is(error)) return error;
  const { message, code, retryable, resumable, retryAfter } = error;
  return new APICallError({
    ...{ message, url: `imageport:${modelId}`, requestBodyValues: {}, statusCode: errorTraits[code].http },
    responseHeaders: retryAfter === undefined ? {} : { 'retry-after-ms': String(Math.ceil(retryAfter)) },
    ...{ cause: error, data: error.toJSON(), isRetryable: retryable || resumable },
  });
}

/** The error behind what `generateImage` of the AI SDK threw, through its `RetryError` and every `cause`; undefined where there is none. */
export function imageErrorOf(error: unknown): ImageError | undefined {
  const waiting: unknown[] = [error];
  const seen = new Set<unknown>();
  for (const each of waiting) {
    if (ImageError.is(each)) return each;
    if (typeof each !== 'object' || each === null || seen.has(each)) continue;
    seen.add(each);
    const { cause, lastError, errors } = each as { cause?: unknown; lastError?: unknown; errors?: unknown };
    waiting.push(lastError, cause, ...(Array.isArray(errors) ? errors.toReversed() : []));
  }
  return undefined;
}
