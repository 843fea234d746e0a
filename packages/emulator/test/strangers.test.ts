import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { dreamina, type Emulator, start } from './harness.ts';

const mebibyte = 1024 * 1024;

interface Asked {
  readonly status: number | undefined;
  /** Bytes of the body that were taken off before the answer came. */
  readonly sent: number;
}

/** One request over a real socket, with a body that goes on until there is an answer. */
async function ask(emulator: Emulator, path: string, headers: object, size = 0, method = 'POST'): Promise<Asked> {
  const { port } = new URL(emulator.wavespeed.baseUrl);
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  return new Promise((resolve, reject) => {
    let [sent, over] = [0, false];
    const asking = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } });
    asking.on('response', (response: IncomingMessage) => {
      over = true;
      response.resume().on('end', () => {
        asking.destroy();
        resolve({ status: response.statusCode, sent });
      });
    });
    asking.on('error', (error) => over || reject(error));
    const write = (): void => {
      if (over) return;
      if (sent >= size) return void asking.end();
      sent += chunk.length;
      if (asking.write(chunk)) setImmediate(write);
      else asking.once('drain', write);
    };
    write();
  });
}

async function listening(): Promise<Emulator> {
  const emulator = start();
  await emulator.listen();
  return emulator;
}

const submit = `/wavespeed/api/v3/${dreamina}`;
const keyOf = (emulator: Emulator) => ({ authorization: `Bearer ${emulator.wavespeed.apiKey}` });

describe('whoever asks the emulator', () => {
  it.each(['attacker.example', 'localhost.attacker.example', '127.0.0.1.attacker.example', '10.0.0.1', '0.0.0.0'])(
    'as %s is not answered, even with the key',
    async (name) => {
      const emulator = await listening();
      const { port } = new URL(emulator.wavespeed.baseUrl);
      for (const host of [name, `${name}:${port}`]) {
        const asked = await ask(emulator, '/wavespeed/api/v3/balance', { ...keyOf(emulator), host }, 0, 'GET');
        expect(asked.status).toBe(403);
      }
      expect(emulator.requests()).toEqual([]);
    },
  );

  it('at another port than its own is not answered', async () => {
    const emulator = await listening();
    const asked = await ask(
      emulator,
      '/wavespeed/api/v3/balance',
      { ...keyOf(emulator), host: 'localhost:1' },
      0,
      'GET',
    );
    expect(asked.status).toBe(403);
  });

  it.each(['localhost', '127.0.0.1', 'LOCALHOST'])('as %s is answered', async (name) => {
    const emulator = await listening();
    const host = `${name}:${new URL(emulator.wavespeed.baseUrl).port}`;
    const asked = await ask(emulator, '/wavespeed/api/v3/balance', { ...keyOf(emulator), host }, 0, 'GET');
    expect(asked.status).toBe(200);
  });
});

describe('a body that is too large', () => {
  const endless = 2 ** 40;

  it.each([
    ['without a key', submit, {}, 401],
    ['with a wrong key', submit, { authorization: 'Bearer emulator-key-wavespeed' }, 401],
    ['without a key, at Apiframe', '/apiframe/v2/uploads', {}, 401],
    ['for no endpoint', '/elsewhere', {}, 404],
  ])('%s is not read to its end', async (_, path, headers, status) => {
    const asked = await ask(await listening(), path, headers, endless);
    expect(asked.status).toBe(status);
    expect(asked.sent).toBeLessThan(16 * mebibyte);
  });

  it('for an upload that nobody has begun is not read to its end', async () => {
    const asked = await ask(await listening(), '/uploads/no-such-name.png', {}, endless, 'PUT');
    expect(asked).toMatchObject({ status: 404 });
    expect(asked.sent).toBeLessThan(16 * mebibyte);
  });

  it('of somebody who has the key is refused as too large, and not charged', async () => {
    const emulator = await listening();
    const asked = await ask(emulator, submit, keyOf(emulator), endless);
    expect(asked.status).toBe(413);
    expect(asked.sent).toBeGreaterThan(100 * mebibyte);
    expect(emulator.charges()).toEqual([]);
  });

  it('is not too large with the key and some pictures in it', async () => {
    const emulator = await listening();
    // Blanks are no JSON: it was read whole, and refused for what it says.
    expect(await ask(emulator, submit, keyOf(emulator), 20 * mebibyte)).toEqual({ status: 400, sent: 20 * mebibyte });
  });
});
