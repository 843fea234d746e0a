import type { KyInstance } from 'ky';
import { unlessAborted } from '../time/deadline.ts';
import { exchangeOverFetch } from './fetch-exchange.ts';
import { type Exchange, type OutgoingRequest, outgoingHeaders, type Transport } from './transport.ts';
import { type Carrier, currentCarrier, provesUnsent } from './unsent.ts';

type Fetch = typeof globalThis.fetch;
type Init = RequestInit & { readonly signal: AbortSignal };

/**
 * The transport of every program: ky on the runtime's fetch, as it is at the time of the call, or on a fetch of the
 * caller's own, whose failures prove nothing.
 */
export function fetchTransport(own?: Fetch): Transport {
  const load = kyLoader();
  let ky: KyInstance | undefined;
  return {
    async send(request) {
      ky ??= await load();
      return send(ky, own, request);
    },
    async open(url, { headers, signal }) {
      ky ??= await load();
      const init: Init = { headers: { ...headers }, redirect: 'manual', credentials: 'omit', signal };
      const answer = ask(ky, own, url, init);
      try {
        return await unlessAborted(answer, signal);
      } catch (error) {
        // A fetch that ignores its signal may still answer.
        answer.then((late) => late.body?.cancel()).catch(() => undefined);
        throw error;
      }
    },
  };
}

function send(ky: KyInstance, own: Fetch | undefined, request: OutgoingRequest): Promise<Exchange> {
  let carrier: Carrier | undefined;
  const onCall = (): void => {
    carrier = currentCarrier();
  };
  return exchangeOverFetch(request, {
    ask: async () => ask(ky, own, request.url, toInit(request), onCall),
    sent: (error) => (!carrier || (!own && provesUnsent(error, carrier)) ? 'no' : 'unknown'),
  });
}

/**
 * ky gets the address only: a Request made from a Request copies its body through a stream, so fetch is called with
 * address and options, and ky is not told what is in a Request that nobody sends.
 */
function ask(ky: KyInstance, own: Fetch | undefined, url: string, init: Init, onCall?: () => void): Promise<Response> {
  const fetch = (): Promise<Response> => {
    init.signal.throwIfAborted();
    onCall?.();
    return (own ?? globalThis.fetch)(url, init);
  };
  return ky(url, { fetch });
}

/** Imported at the first request, because ky touches `globalThis.Request`, which makes Node load its fetch. */
function kyLoader(): () => Promise<KyInstance> {
  let loading: Promise<KyInstance> | undefined;
  const load = async (): Promise<KyInstance> => {
    const { default: ky } = await import('ky');
    // The engine owns repeats and time, and reads every status itself.
    return ky.create({ retry: 0, timeout: false, throwHttpErrors: false });
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

function toInit(request: OutgoingRequest): Init {
  const { method, body, cut } = request;
  const init: Init = { method, headers: outgoingHeaders(request), redirect: 'manual', signal: cut.signal };
  if (body !== undefined) init.body = body;
  return init;
}
