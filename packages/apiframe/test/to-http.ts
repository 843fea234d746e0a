import { type HttpRequest, type ImageRequest, parseRequest, type RequestOptions } from '@imageport/core';
import { loadCatalogue, prepareRequest } from '@imageport/core/catalogue';
import { expect } from 'vitest';
import { apiframeAdapter } from '../src/adapter.ts';
import { problemWith } from './openapi.ts';

await loadCatalogue(apiframeAdapter);

/** `more`: what other functions than `generateImage` add to a request. */
export const prepare = (model: string, options: RequestOptions, more: Partial<ImageRequest> = {}) =>
  prepareRequest(apiframeAdapter, model, { ...parseRequest(options), ...more });

/** What goes out for a neutral request, held against the host's own schema, or that of the emulator. */
export function toHttp(model: string, options: RequestOptions, more: Partial<ImageRequest> = {}): HttpRequest {
  const request = apiframeAdapter.toSubmit(prepare(model, options, more).native);
  const problem = problemWith(request);
  if (problem !== undefined) expect.fail(`the host would refuse ${problem}`);
  return request;
}

export const bodyOf = (model: string, options: Partial<RequestOptions>, more: Partial<ImageRequest> = {}) =>
  toHttp(model, { prompt: 'a lighthouse', ...options }, more).body;

/** The error of a request that must be refused. */
export function refusalOf(model: string, options: Partial<RequestOptions>, more: Partial<ImageRequest> = {}): unknown {
  try {
    prepare(model, { prompt: 'a lighthouse', ...options }, more);
  } catch (error) {
    return error;
  }
  throw new Error('the request was not refused');
}
