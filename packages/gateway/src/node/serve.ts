import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from 'srvx/node';
import type { Gateway } from '../gateway.ts';

export interface ServeOptions {
  /** @default 4000 */
  readonly port?: number | undefined;
  /** Which addresses of this machine are listened on. @default '127.0.0.1' */
  readonly hostname?: string | undefined;
}

/** A gateway that listens. */
export interface Served {
  readonly url: string;
  /** Takes no more requests, and resolves when what is under way has ended. */
  close(): Promise<void>;
}

/** Serves a gateway over HTTP on Node. Rejects with the system's error, such as `EADDRINUSE`. */
export async function serveGateway(
  gateway: Gateway,
  { port = 4000, hostname = '127.0.0.1' }: ServeOptions = {},
): Promise<Served> {
  const handle = toNodeHandler(gateway.fetch) as RequestListener;
  const server = createServer(handle);
  await listen(server, port, hostname);
  const { address, family, port: found } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${found}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await gateway.idle();
      await closed;
    },
  };
}

const listen = (server: Server, port: number, hostname: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });
