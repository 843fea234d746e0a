// Tells whether the header of a request was written to a socket. Error codes cannot: ECONNRESET means both. Node's
// fetch announces it on a diagnostics channel; elsewhere, and for a fetch of the caller's own, nobody knows.

interface Trace {
  seen: boolean;
  sent: boolean;
}

interface Channels {
  run<T>(trace: Trace, body: () => T): T;
}

/** `yes` and `no` are observed; `unknown` must be treated as sent. */
export type Sent = 'yes' | 'no' | 'unknown';

export interface Sending<T> {
  readonly result: Promise<T>;
  sent(): Sent;
}

/** Starts a request and watches it leave. */
export function watchSending<T>(start: () => Promise<T>): Sending<T> {
  const trace: Trace = { seen: false, sent: false };
  channels ??= openChannels() ?? { run: (_, body) => body() };
  const result = channels.run(trace, start);
  return { result, sent: () => (trace.sent ? 'yes' : trace.seen ? 'no' : 'unknown') };
}

// One subscription for the process, as the channel itself is one for the process. It holds no configuration.
let channels: Channels | undefined;

interface NodeProcess {
  getBuiltinModule?(id: 'node:diagnostics_channel'): {
    subscribe(name: string, listener: (message: unknown) => void): void;
  };
  getBuiltinModule?(id: 'node:async_hooks'): {
    AsyncLocalStorage: new () => { run<T>(store: Trace, body: () => T): T; getStore(): Trace | undefined };
  };
}

function openChannels(): Channels | undefined {
  const node: NodeProcess | undefined = (globalThis as { process?: NodeProcess }).process;
  const diagnostics = node?.getBuiltinModule?.('node:diagnostics_channel');
  const hooks = node?.getBuiltinModule?.('node:async_hooks');
  if (!diagnostics || !hooks) return undefined;
  const context = new hooks.AsyncLocalStorage();
  const traces = new WeakMap<object, Trace>();
  diagnostics.subscribe('undici:request:create', (message) => {
    const trace = context.getStore();
    const request = requestOf(message);
    if (!trace || !request) return;
    trace.seen = true;
    traces.set(request, trace);
  });
  diagnostics.subscribe('undici:client:sendHeaders', (message) => {
    const trace = traces.get(requestOf(message) ?? {});
    if (trace) trace.sent = true;
  });
  return context;
}

function requestOf(message: unknown): object | undefined {
  const request: unknown = (message as { request?: unknown } | undefined)?.request;
  return typeof request === 'object' && request !== null ? request : undefined;
}
