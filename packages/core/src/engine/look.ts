import type { Adapter, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import type { Exchange } from '../http/send.ts';
import type { Watch } from './run.ts';

/** Milliseconds to the headers of a free request. */
const lookTimeout = 10_000;
const pictureTimeout = 60_000;
/** A finished answer may carry the picture itself, as base64. */
const maxLook = 128 * 1024 * 1024;

/** Asks a host something that costs nothing. */
export function ask({ run, host }: Watch, request: HttpRequest): Promise<Exchange> {
  const { signal } = run.deadline;
  const bodyTimeout = run.intent.request.responseFormat === 'base64' ? pictureTimeout : lookTimeout;
  return host.call(request, { signal, timeout: lookTimeout, bodyTimeout, maxBytes: maxLook });
}

/** What an answer says, as JSON or as plain text, or undefined when there is none or only a part of it. */
export function readSnapshot(adapter: Adapter, { bodyState, body, text }: Exchange): JobSnapshot | undefined {
  if (bodyState === 'json') return adapter.parse(body);
  return bodyState === 'garbled' ? adapter.parse(text) : undefined;
}

/** The job id in an answer that broke off or is not JSON. Its own submit produced it, so it is ours; a look proves it. */
export function salvageJobId({ text, bodyState }: Exchange): string | undefined {
  if (bodyState !== 'garbled' && bodyState !== 'incomplete') return undefined;
  return /"(?:job)?id"\s*:\s*"([\w-]{8,64})"/i.exec(text ?? '')?.[1];
}
