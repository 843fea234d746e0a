import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a client is pointed. */
export interface Target {
  readonly url: string;
  readonly apiKey: string;
}

export interface Accepted {
  readonly id: string;
  /** The idempotency key that it came with: sent again, it brings this job. */
  readonly key?: string | undefined;
}

/** A server under whose eyes one call happens. */
export interface TestServer {
  readonly target: Target;
  /** The jobs it accepted: each would be charged. */
  accepted(): Accepted[];
  close(): Promise<void>;
}

/** Opens a port on the loopback address. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
