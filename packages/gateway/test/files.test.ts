import { describe, expect, it, vi } from 'vitest';
import { createWorld, errorOf, imagesOf, origin, prompt, type World } from './world.ts';

async function addressOf(world: World, body: object = {}): Promise<string> {
  const response = await world.ask({ prompt, response_format: 'url', ...body });
  const [{ url = '' } = {}] = (await imagesOf(response)).data;
  return url;
}

const get = (world: World, url: string): Promise<Response> => world.fetch(url.replace(origin, ''));

it('an address is one of the gateway, says nothing of the host, and shows the picture to whoever has it', async () => {
  const world = createWorld({ publicUrl: 'https://images.example.com/' });
  const url = await addressOf(world);
  expect(url).toMatch(/^https:\/\/images\.example\.com\/v1\/images\/files\/[\w-]{40,}$/);
  const token = url.split('/').at(-1) ?? '';
  const [{ id = 'none' } = {}] = world.emulator.jobs();
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain(id);
  const response = await world.fetch(`/v1/images/files/${token}`, { headers: { authorization: 'Bearer of-the-app' } });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([response.status, bytes.subarray(0, 2).toString('hex')]).toEqual([200, 'ffd8']);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...{ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' },
    'content-security-policy': expect.stringContaining('sandbox'),
  });
  expect(world.charges()).toBe(1);
});

it('each picture of several has its own address', async () => {
  const world = createWorld();
  const response = await world.ask({ prompt, n: 2, response_format: 'url' });
  const urls = (await imagesOf(response)).data.map(({ url = '' }) => url);
  const [one, other] = await Promise.all(
    urls.map(async (url) => Buffer.from(await (await get(world, url)).arrayBuffer())),
  );
  expect(one && other && one.equals(other)).toBe(false);
});

it('with the same secret an address holds in another instance, with another it does not', async () => {
  const secret = 'a long text that nobody knows';
  const world = createWorld({ secret });
  const url = await addressOf(world);
  const { emulator, ...others } = world;
  expect(others).toBeDefined();
  const again = createWorld({ secret });
  // The same token is opened; the job is one of another host there.
  expect((await errorOf(await get(again, url))).code).not.toBe('file_not_found');
  const foreign = createWorld({ secret: 'another' });
  expect((await errorOf(await get(foreign, url))).code).toBe('file_not_found');
  expect(emulator.charges()).toHaveLength(1);
});

it('an address expires', async () => {
  const world = createWorld({ fileLifetime: 60_000 });
  const url = await addressOf(world);
  expect((await get(world, url)).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_001 });
  try {
    const response = await get(world, url);
    expect([response.status, (await errorOf(response)).code]).toEqual([410, 'file_expired']);
  } finally {
    vi.useRealTimers();
  }
});

describe('an address that was tampered with shows nothing:', () => {
  it.each<[string, (token: string) => string]>([
    ['a changed sign', (token) => (token.startsWith('A') ? `B${token.slice(1)}` : `A${token.slice(1)}`)],
    ['a changed end', (token) => token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
    ['a part', (token) => token.slice(0, 60)],
    ['something longer', (token) => `${token}AAAA`],
    ['nothing but zeros', () => 'A'.repeat(80)],
    ['a path', () => '..%2F..%2F..%2Fetc%2Fpasswd'],
    ['a NUL', (token) => `${token}%00`],
    ['bad encoding', () => '%E0%A4%A'],
    ['very much', () => 'A'.repeat(5_000)],
  ])('%s', async (_, change) => {
    const world = createWorld();
    const token = (await addressOf(world)).split('/').at(-1) ?? '';
    const before = world.emulator.requests().length;
    const response = await world.fetch(`/v1/images/files/${change(token)}`);
    expect(response.status).toBe(404);
    expect(world.emulator.requests()).toHaveLength(before);
    expect(world.errors).toEqual([]);
  });
});
