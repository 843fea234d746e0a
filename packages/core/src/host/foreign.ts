import { isError } from '../errors/cause.ts';
import type { Account } from './account.ts';
import { toUrl } from './address.ts';
import { type Redaction, redactionOf } from './redaction.ts';
import { type Exchange, forbiddenAddress, type Transport } from './transport.ts';

type Owner = Pick<Account, 'key' | 'baseUrl'>;

/** What carries an account's requests, when nothing that it brings back contains the key. */
export interface GuardedTransport extends Transport {
  /** A copy of a failure that came later, while a file was read. */
  redactError(error: unknown): unknown;
}

interface GuardOptions {
  /** At which there may be pictures, besides the usual ones. */
  readonly ports?: readonly number[] | undefined;
  /** Told of every answer. */
  readonly note?: ((exchange: Exchange) => void) | undefined;
}

/**
 * The one place where the words of others enter: answers, and failures of whatever carries the requests. The key is
 * taken out here, before anything is read, cut or kept; nobody behind it has to think of it.
 */
export function guardTransport(
  transport: Transport,
  account: Owner,
  { ports = [], note }: GuardOptions = {},
): GuardedTransport {
  const redaction = (): Redaction => redactionOf(account.key());
  return {
    async send(request) {
      const exchange = redactExchange(await transport.send(request), redaction());
      note?.(exchange);
      return exchange;
    },
    async open(url, options) {
      const address = toOwnAddress(url, account);
      if (!isOpenPort(toUrl(address), toUrl(account.baseUrl()), ports)) throw forbidden('the port is not allowed');
      try {
        return await transport.open(address, options);
      } catch (error) {
        throw redactError(error, redaction());
      }
    },
    redactError: (error) => redactError(error, redaction()),
    get judgesAddresses() {
      return transport.judgesAddresses ?? false;
    },
  };
}

/** As long as an id of a request may be. */
const longestId = 128;

function redactExchange(exchange: Exchange, { text, cutText, value }: Redaction): Exchange {
  const { body, requestId, error } = exchange;
  const shownBody = body === undefined ? body : value(body);
  const isPlain = exchange.text === undefined && requestId === undefined && error === undefined;
  // What needs no change need not be copied.
  if (isPlain && shownBody === body) return exchange;
  const shown: { -readonly [Fact in keyof Exchange]: Exchange[Fact] } = { ...exchange };
  if (body !== undefined) shown.body = shownBody;
  if (exchange.text !== undefined) shown.text = cutText(exchange.text);
  if (requestId !== undefined) shown.requestId = text(requestId).slice(0, longestId);
  if (error !== undefined) shown.error = redactError(error, { text });
  return shown;
}

/** A picture whose address contains the key is asked for at the host's own origin alone. */
function toOwnAddress(url: string, account: Owner): string {
  const { text, restore } = redactionOf(account.key());
  const whole = restore(url);
  if (whole === url && text(url) === url) return url;
  if (toUrl(whole)?.origin === toUrl(account.baseUrl())?.origin) return whole;
  throw forbidden('the address contains the API key');
}

/** Pictures are at the port of https, or of the host itself: at another there may be any service at all. */
const isOpenPort = (url: URL | undefined, own: URL | undefined, ports: readonly number[]): boolean =>
  (url?.protocol === 'https:' && url.port === '') || url?.port === own?.port || ports.includes(Number(url?.port));

const forbidden = (problem: string): Error => Object.assign(new Error(problem), { code: forbiddenAddress });

const facts = ['name', 'code', 'syscall'] as const;
const longestFact = 100;
const mostCauses = 8;

/** What is read of an error, without the request and the headers that it may hold. One that cannot be read says nothing. */
function redactError(error: unknown, redaction: Pick<Redaction, 'text'>): unknown {
  try {
    return copyError(error, redaction, 0);
  } catch {
    return new Error('[redacted]');
  }
}

function copyError(error: unknown, { text }: Pick<Redaction, 'text'>, depth: number): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  const known = error as Readonly<Record<string, unknown>>;
  const kept = Object.fromEntries(
    facts.flatMap((fact) => {
      const said = known[fact];
      return typeof said === 'string' ? [[fact, text(said).slice(0, longestFact)] as const] : [];
    }),
  );
  if (!isError(error)) return kept;
  const cause =
    depth < mostCauses && error.cause !== undefined ? copyError(error.cause, { text }, depth + 1) : undefined;
  return Object.assign(new Error(text(String(error.message)), cause === undefined ? {} : { cause }), kept);
}
