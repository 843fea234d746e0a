import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bin, createPlace, type Place, start, startClient } from './process.ts';
import { connectTo, ownClock, prompt, slow, until } from './world.ts';

const pictures = ({ cwd }: Place): string[] => readdirSync(join(cwd, 'imageport-pictures'));

describe.each(['v1', 'v2'] as const)('`imageport mcp`, started by a client %s', (version) => {
  test('makes a picture, and ends with its client', async () => {
    const place = await createPlace();
    const { call, client } = await startClient(place, { version });
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(6);
    const { data } = await call('generate_image', { prompt });
    expect(data).toMatchObject({ status: 'completed', cost: { source: 'listed' } });
    expect(pictures(place)).toHaveLength(1);
    expect(place.charges()).toBe(1);
  });

  test.each(['resume', 'the same call'])(
    'killed in mid-job and started again, has its one picture by %s',
    async (way) => {
      const clock = ownClock();
      const place = await createPlace(slow);
      const { call, pid } = await startClient(place, { version });
      call('generate_image', { prompt }, { timeout: 600_000 }).catch(() => undefined);
      await until(() => place.emulator.requests().some(({ kind }) => kind === 'poll'));
      process.kill(pid, 'SIGKILL');
      await clock.forward(60_000);
      const again = await startClient(place, { version });
      const { data } = await again.call('jobs');
      expect(data.jobs).toMatchObject([{ state: 'accepted', billed: 'yes', prompt }]);
      const [{ intent_id }] = data.jobs;
      const { data: made } = await (way === 'resume'
        ? again.call('resume', { intent_id })
        : again.call('generate_image', { prompt }));
      expect(made).toMatchObject({ intent_id, status: 'completed' });
      expect(made.images).toHaveLength(1);
      expect(pictures(place)).toHaveLength(1);
      expect((await again.call('jobs')).data.jobs).toEqual([]);
      expect(place.charges()).toBe(1);
    },
  );
});

test('two servers at once have a ledger each, and one budget holds over a restart', async () => {
  const place = await createPlace();
  const args = ['--budget', '0.03usd/month'];
  const [one, other] = [await startClient(place, { args }), await startClient(place, { args })];
  expect((await one.call('generate_image', { prompt })).isError).toBe(false);
  expect((await other.call('generate_image', { prompt })).isError).toBe(false);
  await one.client.close();
  const again = await startClient(place, { args });
  expect((await again.call('generate_image', { prompt: 'a harbour' })).data.error.code).toBe('over_budget');
  expect(place.charges()).toBe(2);
});

const modern = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const call = (id: number, name: string, input: object = {}, meta: object = {}) => ({
  ...{ jsonrpc: '2.0', id, method: 'tools/call' },
  params: { name, arguments: input, _meta: { progressToken: id, ...meta } },
});
const initialize = {
  ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** Every kind of message, good and bad, with the ids that must be answered. */
const messages = (meta: object): readonly unknown[] => [
  ...['no JSON', '{"jsonrpc":"2.0"}', '[]', 'null', { jsonrpc: '2.0', id: 99, result: {} }],
  { jsonrpc: '2.0', method: 'notifications/initialized', params: { _meta: meta } },
  { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } },
  { jsonrpc: '2.0', id: 2, method: 'resources/templates/list', params: { _meta: meta } },
  { jsonrpc: '2.0', id: 3, method: 'resources/read', params: { uri: 'imageport://images/x/1', _meta: meta } },
  { jsonrpc: '2.0', id: 4, method: 'nonsense', params: { _meta: meta } },
  call(5, 'generate_image', { prompt }, meta),
  call(6, 'generate_image', { prompt: 7 }, meta),
  call(7, 'nobody', {}, meta),
  ...['check_image', 'list_models', 'jobs', 'resume', 'edit_image'].map((name, index) =>
    call(8 + index, name, {}, meta),
  ),
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1234, _meta: meta } },
];

const noisy = fileURLToPath(new URL('noisy-server.ts', import.meta.url));

describe.each([
  ['the command', [bin, 'mcp']],
  ['a program that writes to stdout itself', [noisy]],
])('stdout of %s', (_, program) => {
  test.each([
    ['2025', {}],
    ['2026', modern],
  ])('holds nothing but JSON-RPC, whatever comes in, in the era of %s', async (era, meta) => {
    const place = await createPlace();
    const server = start(program, place);
    if (era === '2025') server.send(initialize);
    else server.send({ jsonrpc: '2.0', id: 0, method: 'server/discover', params: { _meta: modern } });
    for (const message of messages(meta)) server.send(message);
    const answered = () =>
      server
        .lines()
        .map((line) => JSON.parse(line))
        .filter(({ id }) => id !== undefined);
    await until(() => answered().length >= 13);
    server.child.stdin?.end();
    expect(await server.ended).toBe(0);
    for (const line of server.lines()) expect(JSON.parse(line), line).toMatchObject({ jsonrpc: '2.0' });
    expect(new Set(answered().map(({ id }) => id))).toEqual(new Set(Array.from({ length: 13 }, (_each, id) => id)));
    expect(answered().find(({ id }) => id === 5).result.structuredContent.status).toBe('completed');
    expect(place.charges()).toBe(1);
    if (program.includes(noisy)) expect(server.stderr()).toMatch(/noise on the console\nnoise on stdout\n/);
  });
});

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends the command, and what was paid stays open in the ledger',
    async (signal) => {
      const place = await createPlace(slow);
      const server = start([bin, 'mcp'], place);
      server.send(initialize);
      server.send(call(1, 'generate_image', { prompt }));
      await until(() => place.emulator.requests().some(({ kind }) => kind === 'poll'));
      server.child.kill(signal);
      expect(await server.ended).toBe(0);
      const ledger = readFileSync(join(place.cwd, 'state/imageport/ledgers/mcp-1.jsonl'), 'utf8');
      expect(ledger).toContain('"accepted"');
      expect(ledger).not.toContain('"delivered"');
      expect(ledger).not.toContain(place.emulator.wavespeed.apiKey);
    },
  );
});

describe('`imageport mcp --http`', () => {
  test.each([undefined, 'secret-of-mine'])('serves both eras at its address, with the key %s', async (key) => {
    const place = await createPlace();
    const env = { ...place.env, ...(key ? { IMAGEPORT_MCP_KEY: key } : {}) };
    const server = start([bin, 'mcp', '--http', '0', '--inline'], { ...place, env });
    await until(() => server.stderr().includes('/mcp'));
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(server.stderr()) ?? [];
    for (const version of ['v1', 'v2'] as const) {
      const { call } = await connectTo(url, version, key);
      const { data, content } = await call('generate_image', { prompt, size: '1024x1024' });
      expect(data.status).toBe('completed');
      expect(content.map(({ type }) => type)).toEqual(['text', 'resource_link', 'image']);
    }
    if (key) await expect(connectTo(url, 'v2', 'another')).rejects.toThrow();
    expect(server.stderr()).not.toContain('secret-of-mine');
    expect(server.lines()).toEqual([]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(place.charges()).toBe(2);
  });
});

describe('the command', () => {
  test.each([
    [['--budget', '2usd/week'], '2usd/day'],
    [['--wait', '10ms'], '45s'],
    [['--http', 'four'], '65535'],
    [['--model', 'nobody'], 'no model "nobody"'],
  ])('refuses %o', async (args, says) => {
    const server = start([bin, 'mcp', ...args], await createPlace());
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toContain(says);
    expect(server.lines()).toEqual([]);
  });

  test('without a key ends with an error, and draws only when it is told to', async () => {
    const place = await createPlace();
    const { WAVESPEED_API_KEY: _, APIFRAME_API_KEY: __, ...env } = place.env;
    const refused = start([bin, 'mcp'], { ...place, env });
    expect(await refused.ended).toBe(3);
    expect(refused.stderr()).toContain('WAVESPEED_API_KEY or APIFRAME_API_KEY');
    const { call } = await startClient({ ...place, env }, { args: ['--emulate', '--out', 'drawn'] });
    const { data } = await call('generate_image', { prompt });
    expect(data.status).toBe('completed');
    expect(readdirSync(join(place.cwd, 'drawn'))).toHaveLength(1);
    expect(place.charges()).toBe(0);
  });

  test('offers the names of the config, the default one first', async () => {
    const place = await createPlace();
    const models = { draft: 'wavespeed:seedream-3', default: ['apiframe:seedream-4', 'wavespeed:seedream-4'] };
    writeFileSync(join(place.cwd, 'imageport.config.json'), JSON.stringify({ models }));
    const { call } = await startClient(place);
    const { data } = await call('list_models');
    expect(data.models.map(({ name }: { name: string }) => name)).toEqual(['default', 'draft']);
    await call('generate_image', { prompt });
    expect(place.emulator.charges().map(({ host }) => host)).toEqual(['apiframe']);
  });
});
