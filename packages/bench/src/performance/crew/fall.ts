import type { Client, Delivery, Setup } from '../../clients/client.ts';
import { describe } from '../../reveal.ts';
import type { Target } from '../../servers/test-server.ts';
import { clock } from '../clock.ts';

export interface Fall {
  readonly client: string;
  /** Where everything works: the code is warm before anything fails. */
  readonly well: Target;
  readonly target: Target;
  readonly setup: Setup;
  /** How often it is measured. */
  readonly samples: number;
  /** Calls that fail before in the same session, so that a breaker opens. */
  readonly before: number;
  /** Milliseconds that the client is given. @default as long as it likes */
  readonly deadline?: number;
  /** Milliseconds that are waited. */
  readonly patience: number;
}

export interface Fallen {
  /** Milliseconds until the second host was asked, or else until the call ended; undefined when it did not in time. */
  readonly time: number | undefined;
  /** The second host was asked. */
  readonly asked: boolean;
  readonly outcome: string;
}

const warmUps = 10;

export async function fall(client: Client, options: Fall): Promise<Fallen[]> {
  const { well, target, setup, samples, before, deadline, patience } = options;
  const warm = await client.open(well, { ...setup, poll: 1, ours: {} });
  for (let call = 0; call < warmUps; call += 1) await warm.run();
  if (setup.nameless) forgetNames(target.url);
  const found: Fallen[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const session = await client.open(target, setup);
    for (let call = 0; call < before; call += 1) await session.run(deadline).catch(() => undefined);
    const begun = clock();
    found.push(await Promise.race([once(session.run(deadline), begun), tooLate(patience)]));
    if (found.at(-1)?.time === undefined) break;
  }
  return found;
}

async function once(call: Promise<Delivery>, begun: number): Promise<Fallen> {
  try {
    const { asked } = await call;
    return { time: (asked ?? clock()) - begun, asked: asked !== undefined, outcome: 'ok' };
  } catch (error) {
    return { time: clock() - begun, asked: false, outcome: describe(error) };
  }
}

const tooLate = (patience: number): Promise<Fallen> =>
  new Promise((resolve) => {
    setTimeout(() => resolve({ time: undefined, asked: false, outcome: 'hangs' }), patience).unref();
  });

/** As Node's fetch fails when nobody knows the name. */
function forgetNames(url: string): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!address.startsWith(url)) return fetch(input, init);
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    throw new TypeError('fetch failed', { cause });
  };
}
