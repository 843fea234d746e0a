import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen, run, scratch, without } from './harness.ts';
import { bodiesOf, bodyOf, changeAll, dropped, entryOf, live, schemaOf, serveLists } from './own-lists.ts';

const check = async (env: Readonly<Record<string, string>>, ...flags: string[]) =>
  run(['models', '--check', ...flags], { cwd: await scratch(), env });

describe('imageport models --check', () => {
  it('finds no difference to what the tables were made from, and asks each host once, for free', async () => {
    const { emulator, env } = await listen();
    const { exitCode, stdout } = await check(env);
    expect([stdout, exitCode]).toEqual([
      `wavespeed: ${live.wavespeed} models, as in the tables\napiframe: ${live.apiframe} models, as in the tables\n`,
      0,
    ]);
    expect(emulator.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['GET /wavespeed/api/v3/models', 'GET /apiframe/v2/openapi.json']),
    );
    expect([emulator.requests().length, emulator.charges()]).toEqual([2, []]);
  });

  it('tells new and gone models, and what changed of the others', async () => {
    const { env } = await serveLists(changeAll);
    const { exitCode, stdout } = await check(env);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `wavespeed: ${live.wavespeed} models; 1 new, 1 gone, 1 changed\n  new      acme/new-image, 0.011 USD, with `,
    );
    expect(stdout).toContain(
      '  gone     google/nano-banana-pro/edit-ultra\n  changed  alibaba/wan-2.7/text-to-image\n',
    );
    for (const line of [
      /base price: [\d.]+ USD, now 0\.5 USD/,
      /seed: a whole number, default -1; now a whole number, default -1, needed/,
      /size: "W\*H" of 512 to \d+ pixels per side, .*; now "W\*H" of 512 to 16384 pixels per side, 589824 to/,
      /thinking_mode went: true or false, default true/,
      /mood came: calm, wild/,
    ])
      expect(stdout).toMatch(new RegExp(`^ {11}${line.source}`, 'm'));
    expect(stdout).toContain(
      `apiframe: ${live.apiframe} models; 1 new, 1 gone, 1 changed\n  new      qwen-image-9, with prompt `,
    );
    expect(stdout).toContain('  gone     dall-e-2\n  changed  dall-e-3\n           style: also bold, no longer vivid');
  });

  it('gives the same to machines', async () => {
    const { env } = await serveLists(changeAll);
    const { exitCode, stdout } = await check(env, '--json');
    const [wavespeed, apiframe] = JSON.parse(stdout).hosts;
    expect(exitCode).toBe(1);
    expect(wavespeed).toMatchObject({
      ...{ provider: 'wavespeed', asked: true, same: false, models: live.wavespeed, back: [], cut: null },
      new: [{ id: 'acme/new-image', basePrice: { amount: 0.011, currency: 'USD' }, required: ['prompt'] }],
      gone: ['google/nano-banana-pro/edit-ultra'],
      changed: [{ id: 'alibaba/wan-2.7/text-to-image', basePrice: { is: { amount: 0.5 } } }],
    });
    expect(wavespeed.changed[0].fields).toContainEqual({ name: 'mood', is: 'calm, wild' });
    expect(apiframe.changed[0].fields).toEqual([
      { name: 'style', was: 'natural, vivid', is: 'bold, natural', choices: { came: ['bold'], went: ['vivid'] } },
    ]);
    expect(apiframe).toMatchObject({ provider: 'apiframe', gone: ['dall-e-2'], new: [{ id: 'qwen-image-9' }] });
  });

  it('tells what a list says otherwise beside fields and base prices', async () => {
    const { env } = await serveLists((lists) => {
      const edit = schemaOf(entryOf(lists, 'google/nano-banana-pro/edit'));
      edit.required = edit.required.filter((name) => name !== 'images');
      Object.assign(entryOf(lists, 'wavespeed-ai/flux-dev').api_schema.api_schemas[0] ?? {}, {
        api_path: '/api/v3/wavespeed-ai/flux-next',
      });
      Object.assign(entryOf(lists, 'google/nano-banana-2/edit'), { formula: '{"total_price": base_price * 2}' });
      entryOf(lists, 'wavespeed-ai/real-esrgan').type = 'upscaler';
      lists.wavespeed.data.push(structuredClone(entryOf(lists, 'bytedance/seedream-v4')));
      const dreamer = structuredClone(entryOf(lists, 'wavespeed-ai/flux-dev'));
      const film = { ...structuredClone(dreamer), model_id: 'acme/film', type: 'image-to-video' };
      lists.wavespeed.data.push({ ...dreamer, model_id: 'acme/dreamer', type: 'image-something' }, film);
    });
    const { exitCode, stdout } = await check(env, '-p', 'wavespeed');
    expect(exitCode).toBe(1);
    for (const line of [
      'changed  google/nano-banana-pro/edit\n           images: 1 to 14 URLs, needed; now 1 to 14 URLs\n',
      'address: /api/v3/wavespeed-ai/flux-dev, now /api/v3/wavespeed-ai/flux-next\n',
      'price formula: {"total_price":((resolution="0.5k"',
      'category: image-to-image, now upscaler\n',
      'twice    bytedance/seedream-v4: the last entry counts\n',
      'unread   acme/dreamer: its category, image-something, is not known\n',
    ])
      expect(stdout).toContain(line);
    expect(stdout).toContain('4 changed, 1 listed twice, 1 unread\n');
    expect(stdout).not.toContain('acme/film');
  });

  it('sees changes of the models whose tables are written by hand, too', async () => {
    const { env } = await serveLists((lists) => {
      schemaOf(entryOf(lists, 'bytedance/seedream-v4')).properties.seed = { type: 'integer' };
      const { seedreamParams } = bodyOf(lists, 'seedream-4').properties;
      if (seedreamParams?.properties) delete seedreamParams.properties.use_pre_llm;
    });
    const { stdout } = await check(env);
    expect(stdout).toContain('changed  bytedance/seedream-v4\n           seed came: a whole number');
    expect(stdout).toContain('changed  seedream-4\n           use_pre_llm went: true or false');
  });

  it('does not mind the order of a list, of fields and of choices', async () => {
    const { env } = await serveLists((lists) => {
      lists.wavespeed.data.reverse();
      for (const { api_schema } of lists.wavespeed.data) {
        for (const { request_schema } of api_schema.api_schemas) {
          const fields = Object.entries(request_schema.properties).reverse();
          for (const [, field] of fields) if (Array.isArray(field.enum)) field.enum.reverse();
          request_schema.properties = Object.fromEntries(fields);
        }
      }
      bodiesOf(lists).reverse();
    });
    expect((await check(env)).exitCode).toBe(0);
  });

  it('says that a list that lacks more than a tenth was probably cut, and calls no model gone', async () => {
    const more = Math.floor(live.wavespeed / 10) + 1;
    const { env } = await serveLists((lists) => {
      lists.wavespeed.data = lists.wavespeed.data.slice(more);
      lists.apiframe.components.schemas.GenerateImageRequest = { oneOf: bodiesOf(lists).slice(6) };
    });
    const { exitCode, stdout } = await check(env);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `wavespeed: ${live.wavespeed - more} models; probably cut\n  ${more} of ${live.wavespeed} known models are missing`,
    );
    expect(stdout).toContain(`apiframe: ${live.apiframe - 6} models; 6 gone`);
    expect(stdout.match(/^ {2}gone /gm)).toHaveLength(6);
  });

  it('reports models that are back', async () => {
    const { env } = await listen({ goneModels: true });
    const { exitCode, stdout } = await check(env, '--provider', 'wavespeed');
    expect([exitCode, stdout.match(/^ {2}back /gm)?.length]).toEqual([1, dropped]);
    expect(stdout).toContain('back     openai/dall-e-3\n');
    expect(stdout).not.toContain('apiframe');
  });

  it('leaves out a host that wants a key and has none, and says so; a document that is open is read without one', async () => {
    const { asked, env } = await serveLists(() => undefined);
    const { exitCode, stdout } = await check(without(env, 'WAVESPEED_API_KEY'));
    expect([exitCode, stdout]).toEqual([
      0,
      `wavespeed: not asked: WAVESPEED_API_KEY is not set\napiframe: ${live.apiframe} models, as in the tables\n`,
    ]);
    expect(asked.map(({ url }) => url)).toEqual(['/a/v2/openapi.json']);
    expect(JSON.stringify(asked[0]?.rawHeaders)).not.toContain('key-of');
  });

  it.each([
    [{ WAVESPEED_API_KEY: 'wrong-key-0123456789' }, 3, 'wavespeed refuses the key in WAVESPEED_API_KEY'],
    [{ WAVESPEED_API_KEY: ' ' }, 3, 'WAVESPEED_API_KEY is blank'],
    [{ APIFRAME_BASE_URL: 'http://127.0.0.1:2' }, 5, 'apiframe (http://127.0.0.1:2) cannot be reached'],
  ])('with %j exits with %i, and compares the other host all the same', async (wrong, code, says) => {
    const { env } = await listen();
    const { exitCode, stdout, stderr } = await check({ ...env, ...wrong });
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(says)]);
    expect(stdout).toContain(' models, as in the tables');
    expect(stdout + stderr).not.toContain('wrong-key');
  });

  it('of a host by name wants its key', async () => {
    const { emulator, env } = await listen();
    const { exitCode, stderr } = await check(without(env, 'WAVESPEED_API_KEY'), '-p', 'wavespeed');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('WAVESPEED_API_KEY is not set')]);
    expect(emulator.requests()).toEqual([]);
  });

  it.each([
    ['a page', '<html>'],
    ['another document', '{"paths":{"/v2/videos/generate":{}},"components":{}}'],
    ['an empty list', '{"code":200,"data":[]}'],
    ['no end', `[${'"a",'.repeat(9 * 1024 * 1024)}`],
  ])('takes %s for no list', async (_, body) => {
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((resolve) => server.on('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { WAVESPEED_BASE_URL: url, APIFRAME_BASE_URL: url, WAVESPEED_API_KEY: 'a-key-0123456789' };
    const { exitCode, stdout, stderr } = await check(env);
    expect([exitCode, stdout]).toEqual([5, '']);
    expect(stderr.match(/^error: .*(is no list of its models|longer than 32 MiB)/gm)).toHaveLength(2);
  });

  it('asks nobody at an address of a config that nobody trusts, not even without a key', async () => {
    const [cwd, { asked, env }] = [await scratch(), await serveLists(() => undefined)];
    const config = { providers: { apiframe: { baseUrl: env.APIFRAME_BASE_URL } } };
    await writeFile(join(cwd, 'imageport.config.json'), JSON.stringify(config));
    const { exitCode, stderr } = await run(['models', '--check'], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('nobody has trusted this file')]);
    expect(asked).toEqual([]);
    const args = ['models', '--check', '-p', 'apiframe', '--config', 'imageport.config.json'];
    expect((await run(args, { cwd })).exitCode).toBe(0);
  });

  it('shows what hosts say without what a terminal obeys', async () => {
    const { env } = await serveLists((lists) => {
      bodyOf(lists, 'dall-e-3').properties.model = { enum: ['a\u001b[31mred\nline'] };
    });
    const { stdout } = await check(env);
    expect(stdout).toContain('red');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^line/m);
  });

  it.each([
    [['seedream-4'], '--check is about whole lists: leave "seedream-4" out'],
    [['--search', 'nano'], "'--check' cannot be used with option '--search <words>'"],
    [['--update'], "'--check' cannot be used with option '--update'"],
    [['--force'], '--force goes with --update'],
  ])('with %j is refused', async (more, says) => {
    const { exitCode, stderr } = await check({}, ...more);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});
