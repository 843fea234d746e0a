import dns from 'node:dns';
import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { forbiddenAddress } from '../host/transport.ts';

/** Hosts and routers forget a connection after a while and do not say so. */
const longestIdle = 60_000;
const longestIdleUnrepeatable = 2_000;

/** The connections of one transport. */
export interface Connections {
  /** Whether a proxy or the caller's agent may decide where a connection goes. */
  readonly direct: boolean;
  /** A request that nothing has been written of yet. */
  request(url: string, options: RequestOptions): ClientRequest;
  /** Notes that a connection has nothing to do from now on. */
  rest(socket: Socket): void;
  /** Whether a used connection rested too long, or nobody knows how long. */
  isStale(socket: Socket, unrepeatable: boolean): boolean;
}

export function createConnections(agent: Agent | undefined): Connections {
  const resting = new WeakMap<Socket, number>();
  let clients: Clients | undefined;
  const load = (): Clients => {
    clients ??= loadClients(agent);
    return clients;
  };
  return {
    get direct() {
      return load().direct;
    },
    request(url, options) {
      const { protocol, hostname, port, pathname, search } = new URL(url);
      const client = load().of[protocol];
      if (!client) throw new TypeError('only http and https can be asked');
      const place = { hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
      const headers = { 'user-agent': 'imageport', ...options.headers };
      return client.request({ ...place, ...options, headers, agent: client.agent });
    },
    rest: (socket) => void resting.set(socket, performance.now()),
    isStale(socket, unrepeatable) {
      const since = resting.get(socket) ?? Number.NEGATIVE_INFINITY;
      return performance.now() - since > (unrepeatable ? longestIdleUnrepeatable : longestIdle);
    },
  };
}

interface Client {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

interface Clients {
  readonly direct: boolean;
  readonly of: Readonly<Record<string, Client>>;
}

/**
 * Node's two clients. An import statement would read every name of `node:http`, and one of them makes Node load its
 * fetch, which takes longer than all the rest.
 */
function loadClients(agent: Agent | undefined): Clients {
  const http = process.getBuiltinModule('node:http');
  const https = process.getBuiltinModule('node:https');
  // Where Node's own rule for proxies is in force, the global agents carry it.
  const { proxyEnv } = (http.globalAgent as { options?: { proxyEnv?: NodeJS.ProcessEnv } }).options ?? {};
  const options = { keepAlive: true, ...(proxyEnv && { proxyEnv }) };
  return {
    direct: !agent && !proxyEnv,
    of: {
      'http:': { request: http.request, agent: agent ?? new http.Agent(options) },
      'https:': { request: https.request, agent: agent ?? new https.Agent(options) },
    },
  };
}

/** Whether the connection still has to be made; only then is it certain that nothing went over it. */
export function isConnecting(socket: Socket): boolean {
  return socket.connecting || (socket as { secureConnecting?: boolean }).secureConnecting === true;
}

/** The event after which a request may be on its way. */
export const connectEvent = (socket: Socket): string => ('encrypted' in socket ? 'secureConnect' : 'connect');

/** Looks a name up and refuses it unless all its addresses are allowed: the connected one is one of them. */
export function guardedLookup(allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error ? [] : addresses;
      if (!first) return callback(error ?? refusal(), '', 0);
      if (!addresses.every(({ address }) => allowed(address))) return callback(refusal(), '', 0);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Node looks up names only: an address in the URL itself is judged before. */
export function isRefusedLiteral(url: string, allowed: (address: string) => boolean): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !allowed(host);
}

export const refusal = (): NodeJS.ErrnoException =>
  Object.assign(new Error('the address is not allowed'), { code: forbiddenAddress });
