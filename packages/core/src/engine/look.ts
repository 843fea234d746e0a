import type { Adapter, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { Exchange } from '../http/send.ts';
import type { Watch } from './run.ts';

/** Milliseconds to the headers of a free request. */
const lookTimeout = 10_000;
const pictureTimeout = 60_000;
const maxPlainAnswer = 2 * 1024 * 1024;
/** A finished answer may carry the picture itself, as base64. */
const maxPictureAnswer = 128 * 1024 * 1024;

/** Asks a host something that costs nothing. */
export function ask({ run, host }: Watch, request: HttpRequest): Promise<Exchange> {
  const { signal } = run.deadline;
  const large = mayCarryPicture(run.intent.request);
  const bodyTimeout = large ? pictureTimeout : lookTimeout;
  const maxBytes = large ? maxPictureAnswer : maxPlainAnswer;
  return host.call(request, { signal, timeout: lookTimeout, bodyTimeout, maxBytes });
}

/** Whether the host may send the picture itself: asked for by name, or perhaps in the host's own words. */
export const mayCarryPicture = ({ responseFormat, providerOptions }: ImageRequest): boolean =>
  responseFormat === 'base64' || Object.keys(providerOptions).length > 0;

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
