import type { Cost } from '../contract/result.ts';
import type { Host } from '../host/host.ts';
import type { Prepared } from '../request/resolve.ts';
import { describeExchange } from './answer.ts';

/** Milliseconds to the headers, and from there to the end. */
const patience = 5_000;

/** A price, and in words why it is not the one that was asked for. */
export interface Quote {
  readonly price: Cost;
  readonly warning?: string;
}

/**
 * Asks the host once, for free, what this very request would cost; its listed price where the host quotes none, or does not
 * answer. Rejects with the signal's reason only.
 */
export async function askPrice(
  host: Pick<Host, 'adapter' | 'ask' | 'breaker'>,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Quote> {
  const { quote } = host.adapter;
  if (!quote) return { price: prepared.price };
  const instead = (why: string): Quote => listedInstead(host, prepared, why);
  if (host.breaker.state() !== 'closed') return instead('it has failed again and again');
  const times = { timeout: patience, bodyTimeout: patience };
  const exchange = await host.ask(quote.toRequest(prepared.native), signal, times);
  signal.throwIfAborted();
  const { status, bodyState, body } = exchange;
  if (status !== 200 || bodyState !== 'json') return instead(describeExchange(exchange));
  const quoted = quote.parse(body);
  if (!quoted || quoted.source === 'unknown' || !isAmount(quoted.amount)) return instead('its answer names no price');
  return { price: { amount: quoted.amount, currency: quoted.currency, source: 'quoted' } };
}

/** The listed price, and why. */
export function listedInstead({ adapter }: Pick<Host, 'adapter'>, { native, price }: Prepared, why: string): Quote {
  const listed = price.source === 'unknown' ? 'and none is listed' : `so the listed ${price.amount} counts`;
  return { price, warning: `${adapter.name} did not say what ${native.model} costs (${why}), ${listed}` };
}

const isAmount = (amount: number): boolean => Number.isFinite(amount) && amount >= 0;
