import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateImage, type ImageEvent } from '../../src/index.ts';
import { createWorld, hosts } from '../world.ts';
import { endAfterSubmit, ended, open } from './kit.ts';

type Fetch = typeof globalThis.fetch;

/** A port of this machine where nobody listens. */
let closed = '';
beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closed = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise((resolve) => server.close(resolve));
});
const refused = (): Promise<unknown> => globalThis.fetch(closed, { method: 'POST', body: 'x' }).catch(() => undefined);

/** Ways in which a caller's own fetch asks somebody else too, through Node's fetch, and is refused there. */
const ways: Readonly<Record<string, (inner: Fetch) => Fetch>> = {
  'counts every request somewhere first': (inner) => async (input, init) => {
    await refused();
    return inner(input, init);
  },
  'counts every request somewhere meanwhile': (inner) => async (input, init) => {
    const [answer] = await Promise.allSettled([inner(input, init), refused()]);
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  },
};

describe.each(Object.entries(ways))("D2: a caller's fetch that %s", (_, wrap) => {
  test.concurrent.each(hosts)("never makes it billed 'no' that %s accepted and did not answer", async (host) => {
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after', times: 9 }] });
    const { signal, carried } = endAfterSubmit();
    const inner: Fetch = (input, init) => {
      carried();
      return world.emulator.fetch(input, init);
    };
    const provider = open(world, host, { fetch: wrap(inner) });
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent): void => void events.push(event);
    await ended(generateImage({ model: provider('seedream-4'), prompt: 'a pier', timeout: 60_000, signal, onEvent }));
    expect(events.at(-1)).toMatchObject({ type: 'settled', billed: 'unknown' });
    expect(world.emulator.charges()).toHaveLength(1);
  });
});
