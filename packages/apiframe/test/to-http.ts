import { type HttpRequest, parseRequest, type RequestOptions } from '@imageport/core';
import { prepareRequest } from '@imageport/core/catalogue';
import { expect } from 'vitest';
import { apiframeAdapter } from '../src/adapter.ts';
import { validateRequest } from './openapi.ts';

export const prepare = (model: string, options: RequestOptions) =>
  prepareRequest(apiframeAdapter, model, parseRequest(options));

/** What goes out for a neutral request, held against the host's own schema where that is at hand. */
export function toHttp(model: string, options: RequestOptions): HttpRequest {
  const request = apiframeAdapter.toSubmit(prepare(model, options).native);
  if (validateRequest && !validateRequest(request.body)) {
    expect.fail(`the host would refuse ${JSON.stringify(request.body)}: ${JSON.stringify(validateRequest.errors)}`);
  }
  return request;
}

export const bodyOf = (model: string, options: Partial<RequestOptions>) =>
  toHttp(model, { prompt: 'a lighthouse', ...options }).body;

/** The error of a request that must be refused. */
export function refusalOf(model: string, options: Partial<RequestOptions>): unknown {
  try {
    prepare(model, { prompt: 'a lighthouse', ...options });
  } catch (error) {
    return error;
  }
  throw new Error('the request was not refused');
}
