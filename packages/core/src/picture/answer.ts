import type { Adapter, AnswerContext, JobSnapshot } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import { networkCode } from '../errors/cause.ts';
import { type ErrorCode, errorTraits } from '../errors/error-traits.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import type { Exchange } from '../host/transport.ts';

/** Milliseconds from the headers to the end of an answer that may carry a picture. */
export const pictureTimeout = 60_000;
const maxPlainAnswer = 2 * 1024 * 1024;
/** A finished answer may carry the picture itself, as base64. */
const maxPictureAnswer = 128 * 1024 * 1024;

/** Whether the host may send the picture itself: asked for by name, or perhaps in the host's own words. */
export const mayCarryPicture = ({ responseFormat, providerOptions }: ImageRequest): boolean =>
  responseFormat === 'base64' || Object.keys(providerOptions).length > 0;

/** Bytes that an answer to this request may have. */
export const maxAnswer = (request: ImageRequest): number =>
  mayCarryPicture(request) ? maxPictureAnswer : maxPlainAnswer;

/** What an answer says, as JSON or as plain text, or undefined when there is none or only a part of it. */
export function readSnapshot(
  adapter: Adapter,
  { bodyState, body, text, status }: Exchange,
  context: Omit<AnswerContext, 'status'>,
): JobSnapshot | undefined {
  const full = { ...context, ...(status === undefined ? {} : { status }) };
  if (bodyState === 'json') return adapter.parse(body, full);
  return bodyState === 'garbled' ? adapter.parse(text, full) : undefined;
}

/** Outputs that one job may have; a host that names more is not followed without end. */
export const mostOutputs = 16;

/** The outputs that are followed. */
export const outputsOf = ({ outputs }: JobSnapshot): JobSnapshot['outputs'] => outputs.slice(0, mostOutputs);

/** The job id in an answer that broke off or is not JSON, to be looked up. */
export function salvageJobId({ text, bodyState }: Exchange): string | undefined {
  if (bodyState !== 'garbled' && bodyState !== 'incomplete') return undefined;
  return /"(?:job_?)?id"\s*:\s*"([\w-]{8,64})"/i.exec(text ?? '')?.[1];
}

/** Whom an error is about, and which words it must not repeat. */
export interface Subject {
  readonly host: Pick<Host, 'adapter' | 'quote'>;
  readonly modelId: string;
  readonly intentId?: string | undefined;
  readonly prompt: string;
}

export type Facts = Partial<Omit<ImageErrorOptions, 'code' | 'message'>>;

/** An error in one form: who, what it means, what the host said, what to do next. Never the key, never the prompt. */
export function failure(subject: Subject, code: ErrorCode, detail: string, facts: Facts = {}): ImageError {
  const { host, modelId, intentId, prompt } = subject;
  const name = `${host.adapter.name}:${modelId}`;
  const { meaning, next } = errorTraits[code];
  const said = detail ? ` (${host.quote(hidePrompt(detail, prompt))})` : '';
  return new ImageError({
    code,
    message: `${name}: ${meaning}${said}. ${next}.`,
    provider: host.adapter.name,
    model: modelId,
    intentId,
    billed: 'no',
    stage: 'submit',
    ...facts,
  });
}

/** The facts of an exchange that an error keeps. */
export function exchangeFacts(exchange: Exchange): Partial<ImageErrorOptions> {
  const { status, requestId, retryAfter, error } = exchange;
  return { httpStatus: status, requestId, retryAfter, cause: error };
}

/** What an exchange came to, in words. */
export function describeExchange({ status, error, bodyState }: Exchange, snapshot?: JobSnapshot): string {
  if (status === undefined) return `no answer: ${describeError(error)}`;
  if (status >= 300 && status < 400) return `HTTP ${status}: a redirect, never followed; is \`baseUrl\` right?`;
  const said = snapshot?.message ? `, "${snapshot.message}"` : bodyState === 'json' ? '' : `, ${bodyState} body`;
  return `HTTP ${status}${said}`;
}

function describeError(error: unknown): string {
  const code = networkCode(error);
  if (code) return code;
  return error instanceof Error && error.name === 'TimeoutError' ? error.message : 'the connection failed';
}

/** A host may quote the prompt as it came, as JSON, with other white space, or cut short. */
function hidePrompt(text: string, prompt: string): string {
  const flat = flatten(prompt);
  if (flat.length < 4) return text;
  const whole = [flat, flatten(JSON.stringify(prompt).slice(1, -1))];
  const hidden = whole.reduce((shown, quote) => shown.replaceAll(quote, '[prompt]'), flatten(text));
  const begun = flat.length > startLength ? hidden.indexOf(flat.slice(0, startLength)) : -1;
  return begun < 0 ? hidden : `${hidden.slice(0, begun)}[prompt]`;
}

/** So much of a prompt is recognised although its end is missing. */
const startLength = 16;

const flatten = (text: string): string => text.replace(/\s+/g, ' ').trim();
