import { type HttpRequest, parseRequest, type RequestOptions, type Task } from '@imageport/core';
import { prepareRequest } from '@imageport/core/catalogue';
import { wavespeedAdapter } from '../src/adapter.ts';

export const prepare = (model: string, options: RequestOptions, task?: Task) =>
  prepareRequest(wavespeedAdapter, model, {
    ...parseRequest(options),
    ...(task && task !== 'generate' ? { task } : {}),
  });

/** What goes out for a neutral request. */
export const toHttp = (model: string, options: RequestOptions): HttpRequest =>
  wavespeedAdapter.toSubmit(prepare(model, options).native);

export const bodyOf = (model: string, options: Partial<RequestOptions>): unknown =>
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
