import type { Exchange } from './transport.ts';

/** What a transport received: the head of an answer, and the bytes of its body as far as they came. */
export interface Answer {
  readonly status: number;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | null | undefined;
  readonly bytes: Uint8Array;
  /** The body came to its end. */
  readonly whole: boolean;
}

/** Deeper JSON could not be walked or written again without risk to the stack; no host nests like that. */
const mostDepth = 200;
/** Lists, objects and members of an answer. Each takes many times the memory of its text. */
const mostParts = 1_000_000;
const mostText = 65_536;
const decoder = new TextDecoder();

/** Makes of an answer what is known about the request. Never throws, whatever the bytes are. */
export function readExchange({ status, header, bytes, whole }: Answer): Exchange {
  const facts = readHeaders(header);
  const text = decoder.decode(bytes);
  try {
    if (isReasonable(text)) return { sent: 'yes', status, bodyState: 'json', body: JSON.parse(text), ...facts };
  } catch {
    if (whole && text.trim() === '') return { sent: 'yes', status, bodyState: 'empty', ...facts };
  }
  const bodyState = whole ? 'garbled' : 'incomplete';
  return { sent: 'yes', status, bodyState, text: text.slice(0, mostText), ...facts };
}

type HeaderFacts = { -readonly [Name in 'retryAfter' | 'requestId' | 'date']?: NonNullable<Exchange[Name]> };

function readHeaders(header: Answer['header']): HeaderFacts {
  const facts: HeaderFacts = {};
  const wait = header('retry-after');
  const retryAfter = wait ? parseRetryAfter(wait, Date.now()) : undefined;
  if (retryAfter !== undefined) facts.retryAfter = retryAfter;
  const requestId = header('x-request-id')?.replace(/[^\x21-\x7e]/g, '');
  if (requestId) facts.requestId = requestId;
  const date = Date.parse(header('date') ?? '');
  if (!Number.isNaN(date)) facts.date = date;
  return facts;
}

/** Whether a text may be parsed: what stands in quotes, such as a picture, is passed over. */
function isReasonable(text: string): boolean {
  // So short a text has no room for more.
  if (text.length <= mostDepth) return true;
  let [depth, parts] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === ',') parts += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    else if (sign === '[' || sign === '{') {
      depth += 1;
      parts += 1;
    }
    if (depth > mostDepth || parts > mostParts) return false;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === '\\') before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/** Milliseconds asked for by a `Retry-After` header: seconds or an HTTP date. Undefined for nonsense and the past. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.split(',')[0]?.trim() ?? '';
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /^[A-Z][a-z]{2,8}, .*GMT$/.test(header.trim()) ? Date.parse(header) : Number.NaN;
  return date > now ? date - now : undefined;
}
