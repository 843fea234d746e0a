import type { JobSnapshot } from '../contract/adapter.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { errorTraits } from '../errors/error-traits.ts';
import { ImageError, type ImageErrorOptions, networkCode } from '../errors/image-error.ts';
import type { Exchange } from '../http/send.ts';
import type { Watch } from './run.ts';

/** Whom an error is about, and which words it must not repeat. */
export type Subject = Pick<Watch, 'model' | 'host' | 'run'>;

export type Facts = Partial<Omit<ImageErrorOptions, 'code' | 'message'>>;

/** An error in one form: who, what it means, what the host said, what to do next. Never the key, never the prompt. */
export function failure(subject: Subject, code: ErrorCode, detail: string, facts: Facts = {}): ImageError {
  const { model, host, run } = subject;
  const { id: intentId, request } = run.intent;
  const name = `${host.adapter.name}:${model.modelId}`;
  const { meaning, next } = errorTraits[code];
  const said = detail ? ` (${host.quote(hidePrompt(detail, request.prompt))})` : '';
  return new ImageError({
    code,
    message: `${name}: ${meaning}${said}. ${next}.`,
    provider: host.adapter.name,
    model: model.modelId,
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
