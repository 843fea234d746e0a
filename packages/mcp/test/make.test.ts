import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, createWorld, kinds, prompt } from './world.ts';

describe.each(kinds)('with a client %s', (kind) => {
  test('makes a picture once, saves it, and answers with a link that can be read', async () => {
    const { images, charges, folder } = await createWorld();
    const { call, client } = await connect(images, kind);
    const { data, content, isError } = await call('generate_image', { prompt });
    expect(isError, JSON.stringify(data)).toBe(false);
    expect(data).toMatchObject({ status: 'completed', cost: { amount: 0.027, currency: 'USD' }, warnings: [] });
    expect(charges()).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
    const [picture] = data.images;
    expect(content.some(({ type, uri }) => type === 'resource_link' && uri === picture.uri)).toBe(true);
    const { contents } = await client.readResource({ uri: picture.uri });
    const file = await readFile(join(folder, (await readdir(folder))[0] ?? ''));
    expect(contents).toEqual([{ uri: picture.uri, mimeType: picture.media_type, blob: file.toString('base64') }]);
    expect(picture.path).toBe(join(folder, (await readdir(folder))[0] ?? ''));
    expect(Math.min(picture.width, picture.height)).toBeGreaterThan(0);
  });

  test('tells what is happening to who wants to hear it', async () => {
    const { images } = await createWorld();
    const { call } = await connect(images, kind);
    const messages: (string | undefined)[] = [];
    await call('generate_image', { prompt }, { onprogress: ({ message }) => messages.push(message) });
    expect(messages).toContain('submitting to wavespeed:seedream-4');
    expect(messages).toContain('accepted by wavespeed');
  });
});

test('each era of the protocol is spoken by its client', async () => {
  const { images } = await createWorld();
  expect((await connect(images, 'v2 in memory')).client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  expect((await connect(images, 'v2 of the old era')).client.getNegotiatedProtocolVersion()).toMatch(/^2025-/);
  expect((await connect(images, 'v2 over HTTP')).client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
});

test('several pictures are several files, numbered and paid each', async () => {
  const { images, charges, folder } = await createWorld();
  const { call } = await connect(images);
  const { data } = await call('generate_image', { prompt, n: 3 });
  expect(data.images.map(({ uri }: { uri: string }) => uri.slice(uri.lastIndexOf('/')))).toEqual(['/1', '/2', '/3']);
  expect(data.cost.amount).toBe(0.081);
  expect(charges()).toBe(3);
  expect(await readdir(folder)).toHaveLength(3);
});

test('what came of a call of which a part failed is answered, with a warning', async () => {
  const emulate = { faults: [{ on: 'submit', nth: 2, job: 'moderated' }] } as const;
  const { images } = await createWorld({ emulate });
  const { call } = await connect(images);
  const { data, isError } = await call('generate_image', { prompt, n: 2 });
  expect(isError).toBe(false);
  expect(data).toMatchObject({
    status: 'completed',
    warnings: expect.arrayContaining(['a picture is missing: moderated']),
  });
  expect(data.images).toHaveLength(1);
});

test('a small picture stands in the answer where the server is set up so', async () => {
  const { images } = await createWorld({ inline: true });
  const { call, client } = await connect(images);
  const { data, content } = await call('generate_image', { prompt, size: '1024x1024' });
  const { contents } = await client.readResource({ uri: data.images[0].uri });
  const [file] = contents as { blob: string }[];
  expect(content.filter(({ type }) => type === 'image').map(({ data }) => data)).toEqual([file?.blob]);
});

test('edits a picture that an earlier answer has linked', async () => {
  const { images, charges, emulator } = await createWorld();
  const { call } = await connect(images);
  const { data } = await call('generate_image', { prompt });
  const edited = await call('edit_image', { prompt: 'the same in winter', images: [data.images[0].uri] });
  expect(edited.isError, JSON.stringify(edited.data)).toBe(false);
  expect(charges()).toBe(2);
  expect(emulator.requests().some(({ kind, path }) => kind === 'submit' && path.endsWith('/edit'))).toBe(true);
});

describe('a failure', () => {
  test('says its code, what it cost and what to do, and nothing of the host', async () => {
    const emulate = { faults: [{ on: 'submit', status: 402, body: { code: 402, message: 'no money' } }] } as const;
    const { images, emulator } = await createWorld({ emulate });
    const { call } = await connect(images);
    const { data, isError } = await call('generate_image', { prompt });
    expect(isError).toBe(true);
    expect(data.error).toMatchObject({ code: 'insufficient_credit', billed: 'no', next: 'Top up the account.' });
    expect(JSON.stringify(data)).not.toContain(emulator.wavespeed.apiKey);
    expect(JSON.stringify(data)).not.toMatch(/https?:/);
  });

  test('hands on what the host says, without addresses', async () => {
    const error = 'nothing came of it, see https://cdn.example.com/log?signature=secret';
    const { images } = await createWorld({ emulate: { faults: [{ on: 'submit', job: 'fail', error }] } });
    const { call } = await connect(images);
    const { data } = await call('generate_image', { prompt });
    expect(data.error.message).toContain('nothing came of it, see (address)');
    expect(JSON.stringify(data)).not.toMatch(/cdn\.example\.com|secret/);
  });

  test('of what no host can do costs nothing', async () => {
    const { images, submits } = await createWorld();
    const { call } = await connect(images);
    const { data } = await call('generate_image', { prompt, size: '99999x1' });
    expect(data.error).toMatchObject({ code: 'unsupported', billed: 'no' });
    expect(submits()).toBe(0);
  });

  test('of a tool that is given what it does not take names it', async () => {
    const { images, submits } = await createWorld();
    const { call } = await connect(images);
    const { data, isError } = await call('generate_image', { prompt, quality: 'hd' });
    expect(isError).toBe(true);
    expect(data).toMatch(/quality|additional/);
    expect(submits()).toBe(0);
  });
});
