import { createHost, type Host } from './host.ts';
import { apiframeWords } from './host-apiframe.ts';
import type { HostOptions } from './host-state.ts';
import { wavespeedWords } from './host-wavespeed.ts';
import { pictureHost, type Wire } from './host-words.ts';
import type { HostName, JobNote, SubmitNote } from './notes.ts';
import { png } from './picture.ts';
import type { Random } from './random.ts';

/** Who asks: a process, and the ledger it shares with others. */
export interface Client {
  readonly name: string;
  readonly ledger: string;
}

export interface AdversaryOptions extends Omit<HostOptions, 'skew' | 'submits' | 'count'> {
  /** How far each host's clock is ahead, in milliseconds. */
  readonly skew: Readonly<Record<HostName, number>>;
}

/**
 * Both hosts, written from their documents alone, that do the worst wherever those are silent, and remember the truth.
 * Everything they do is drawn from the seed.
 */
export interface Adversary {
  fetchFor(client: Client): typeof fetch;
  /** From now on there are no faults any more. */
  calm(): void;
  readonly submits: readonly SubmitNote[];
  readonly jobs: readonly JobNote[];
  readonly counts: Readonly<Record<string, number>>;
}

export function createAdversary(options: AdversaryOptions): Adversary {
  const { random, skew } = options;
  const submits: SubmitNote[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const open = (words: typeof wavespeedWords): Host =>
    createHost(words, { ...options, skew: skew[words.name], submits, count });
  const hosts: Readonly<Record<HostName, Host>> = { wavespeed: open(wavespeedWords), apiframe: open(apiframeWords) };
  return {
    submits,
    counts,
    get jobs() {
      return Object.values(hosts).flatMap(({ jobs }) => jobs);
    },
    calm() {
      for (const host of Object.values(hosts)) host.calm();
    },
    fetchFor: (client) => async (input, init) => {
      const wire = await toWire(input, init);
      const signal = init?.signal ?? undefined;
      if (wire.url.hostname === pictureHost) return picture(wire.url, random);
      const host = hosts[wire.url.hostname.startsWith('apiframe') ? 'apiframe' : 'wavespeed'];
      return heard(
        host.answer(client, wire, () => signal?.aborted ?? false),
        signal,
      );
    },
  };
}

async function toWire(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Wire> {
  const request = input instanceof Request ? input : undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  const text = typeof init?.body === 'string' ? init.body : request?.body ? await request.text() : '';
  return {
    method: init?.method ?? request?.method ?? 'GET',
    url: new URL(request?.url ?? String(input)),
    key: headers.get('idempotency-key') ?? undefined,
    body: text === '' ? {} : JSON.parse(text),
  };
}

/** A caller that gives up hears nothing, whatever the host does. */
function heard(answer: Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** The file of a job says whose it is. */
function picture({ pathname }: URL, random: Random): Response {
  if (random.chance(0.03)) return new Response('busy', { status: 503 });
  return new Response(png(pathname.replace(/^.*\/|-1\.png$/g, '')), { headers: { 'content-type': 'image/png' } });
}
