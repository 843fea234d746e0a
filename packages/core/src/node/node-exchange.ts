import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { answers } from '../host/answer-budget.ts';
import { readExchange } from '../host/read-exchange.ts';
import { TimeLimit } from '../host/time-limit.ts';
import { connectTimeout, type Exchange, idleTimeout, type OutgoingRequest, type Sent } from '../host/transport.ts';
import { type Connections, connectEvent, isConnecting } from './connections.ts';
import { decompress } from './decompress.ts';

/** What leaves: a form is turned into bytes before. */
export interface Parcel {
  readonly request: OutgoingRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** Carries one request over one connection and tells everything that is known of it then. Never rejects. */
export function exchangeOverNode(parcel: Parcel, connections: Connections): Promise<Exchange> {
  return new Promise((resolve) => new NodeExchange(parcel, connections, resolve).start());
}

class NodeExchange {
  readonly #parcel: Parcel;
  readonly #connections: Connections;
  readonly #resolve: (exchange: Exchange) => void;
  readonly #started = performance.now();
  #sent: Sent = 'no';
  #ended = false;
  readonly #limit: TimeLimit;
  #asking: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(parcel: Parcel, connections: Connections, resolve: (exchange: Exchange) => void) {
    this.#parcel = parcel;
    this.#limit = new TimeLimit(parcel.request.cut);
    this.#connections = connections;
    this.#resolve = resolve;
  }

  start(): void {
    const { signal } = this.#parcel.request.cut;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#limit.set(this.#headerTime(), 'headers');
    this.#ask();
  }

  #ask(): void {
    const { request, headers, body } = this.#parcel;
    const options: RequestOptions = { method: request.method, headers };
    try {
      const asking = this.#connections.request(request.url, options);
      this.#asking = asking;
      asking.on('socket', (socket) => this.#onSocket(asking, socket));
      asking.on('response', (response) => this.#onResponse(response));
      // One that was given up for a fresh connection has no say any more.
      asking.on('error', (error) => asking === this.#asking && this.#fail(error));
      asking.on('close', () => asking === this.#asking && this.#onClose());
      asking.end(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Comes before anything is written. */
  #onSocket(asking: ClientRequest, socket: Socket): void {
    if (this.#ended) return;
    if (asking.reusedSocket && this.#connections.isStale(socket, this.#parcel.request.unrepeatable ?? false)) {
      this.#asking = undefined;
      asking.destroy();
      this.#ask();
      return;
    }
    if (!isConnecting(socket)) {
      this.#sent = 'unknown';
      return;
    }
    this.#limit.set(Math.min(connectTimeout, this.#headerTime()), 'connection');
    socket.once(connectEvent(socket), () => {
      if (this.#ended) return;
      this.#sent = 'unknown';
      this.#limit.set(this.#headerTime(), 'headers');
    });
  }

  #onResponse(response: IncomingMessage): void {
    if (this.#ended) return void response.destroy();
    this.#sent = 'yes';
    this.#answer = response;
    const { maxBytes, bodyTimeout } = this.#parcel.request;
    const until = performance.now() + bodyTimeout;
    const watch = (idle = idleTimeout): void =>
      this.#limit.set(Math.min(idle, Math.max(0, until - performance.now())), 'body');
    watch();
    const body = decompress(response);
    body.on('data', (chunk: Uint8Array) => {
      // What was packed goes on unfolding when nobody waits for it any more.
      if (this.#ended) return;
      this.#size += chunk.byteLength;
      if (this.#size > maxBytes) return this.#finish(false);
      this.#chunks.push(chunk);
      // While others are read, only the time of the whole body counts.
      let isHeld = true;
      answers.hold(this, this.#size, () => {
        isHeld = false;
        if (body.isPaused()) body.resume();
        // The last piece needs no clock: its end follows at once.
        if (!this.#ended && !response.complete) watch();
      });
      if (!isHeld) return;
      body.pause();
      watch(Number.POSITIVE_INFINITY);
    });
    body.on('end', () => this.#finish(response.complete));
    body.on('error', () => this.#finish(false));
  }

  #onClose(): void {
    // What came whole may still be unfolding.
    if (!this.#answer?.complete) this.#fail(new Error('the connection closed'));
  }

  #headerTime(): number {
    return Math.max(0, this.#parcel.request.timeout - (performance.now() - this.#started));
  }

  readonly #onAbort = (): void => this.#fail(this.#parcel.request.cut.signal.reason);

  #finish(whole: boolean): void {
    const answer = this.#answer;
    if (this.#ended || !answer) return;
    const { statusCode: status = 0, headers } = answer;
    // A connection that was switched to another protocol is no longer one for requests.
    this.#end(whole && status >= 200);
    const bytes = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#resolve(readExchange({ status, header: (name) => first(headers[name]), bytes, whole }));
    answers.release(this);
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    if (this.#answer) {
      this.#finish(false);
      return;
    }
    this.#end(false);
    this.#resolve({ sent: this.#sent, bodyState: 'none', error });
  }

  #end(reusable: boolean): void {
    this.#ended = true;
    this.#limit.clear();
    this.#parcel.request.cut.signal.removeEventListener('abort', this.#onAbort);
    const socket = this.#asking?.socket;
    if (!reusable) this.#asking?.destroy();
    else if (socket) this.#connections.rest(socket);
  }
}

const first = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
