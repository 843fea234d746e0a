import type { Bytes } from '../contract/bytes.ts';
import type { ErrorCode } from '../errors/error-traits.ts';
import { ImageError } from '../errors/image-error.ts';
import type { WebhookHeaders } from './event.ts';

const maxBytes = 1024 * 1024;

export const webhookError = (provider: string, code: ErrorCode, message: string): ImageError =>
  new ImageError({ code, message, billed: 'no', stage: 'webhook', provider });

/** The bytes of a raw body, copied, so that nobody can change them between the check and the reading. */
export function readBody(provider: string, body: unknown): Bytes {
  const size = typeof body === 'string' ? body.length : toView(provider, body).byteLength;
  const tooLarge = webhookError(provider, 'invalid_request', `The webhook's body is larger than ${maxBytes} bytes`);
  if (size > maxBytes) throw tooLarge;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(toView(provider, body));
  if (bytes.byteLength > maxBytes) throw tooLarge;
  return bytes;
}

/** Recognised by tag, because test runners and frames have an `ArrayBuffer` of their own. */
function toView(provider: string, body: unknown): Uint8Array {
  const tag = Object.prototype.toString.call(body);
  if (tag === '[object ArrayBuffer]') return new Uint8Array(body as ArrayBuffer);
  if (tag === '[object Uint8Array]' && ArrayBuffer.isView(body)) return body as Uint8Array;
  const advice = 'as bytes or text, before any framework has parsed it';
  throw webhookError(provider, 'invalid_request', `Verifying a webhook needs the raw body ${advice}`);
}

/** One header by its lower-case name. Nothing when it is missing, or there in several letter cases or as a list. */
export function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  const values = isBag(headers)
    ? [headers.get(name)]
    : Object.keys(headers)
        .filter((key) => key.toLowerCase() === name)
        .map((key) => headers[key]);
  const [value] = values;
  return values.length === 1 && typeof value === 'string' ? value : undefined;
}

const isBag = (headers: WebhookHeaders): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function';

/** One secret or several. An empty one would let everybody sign, so it is a mistake and no secret. */
export function readSecrets(provider: string, option: string, given: unknown): readonly string[] {
  const secrets = (Array.isArray(given) ? given : [given]).map((each) => (typeof each === 'string' ? each.trim() : ''));
  if (secrets.length > 0 && secrets.every((each) => /^[\x21-\x7e]+$/.test(each))) return secrets;
  throw unusable(provider, option);
}

export const unusable = (provider: string, option: string): ImageError =>
  webhookError(provider, 'invalid_request', `\`${option}\` must be a text, or a list of texts, of visible ASCII`);
