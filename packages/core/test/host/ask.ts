import { expect } from 'vitest';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import type { Exchange, OutgoingRequest, Transport } from '../../src/host/transport.ts';
import { nodeTransport } from '../../src/node/transport.ts';
import type { RawServer } from './servers.ts';

/** Each transport by its name; a new one for every test, so that no connection is left from the one before. */
export const transports: readonly (readonly [string, () => Transport])[] = [
  ['fetch', () => fetchTransport()],
  ['a fetch of the caller', () => fetchTransport((input, init) => globalThis.fetch(input, init))],
  ['node', () => nodeTransport()],
];

export const outgoing = (url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  ...{ method: 'POST', url, headers: {}, body: '{"prompt":"x"}', cut: new AbortController() },
  ...{ timeout: 5000, bodyTimeout: 5000, maxBytes: 100_000 },
  ...more,
});

/** Asks, and holds the transport to what it must never get wrong: "not sent" only of what the server never saw. */
export async function ask(
  transport: Transport,
  server: Pick<RawServer, 'url' | 'seen'>,
  more: Partial<OutgoingRequest> = {},
): Promise<Exchange> {
  const before = server.seen();
  const exchange = await transport.send(outgoing(server.url, more));
  if (exchange.sent === 'no') expect(server.seen()).toBe(before);
  expect(exchange.status === undefined).toBe(exchange.bodyState === 'none');
  return exchange;
}
