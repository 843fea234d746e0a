import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, createWorld, prompt, scratch } from './world.ts';

/** A folder with a picture in it, beside one that is nobody's business. */
async function twoFolders() {
  const home = await scratch();
  const [files, secret] = [join(home, 'refs'), join(home, 'secret')];
  mkdirSync(join(files, 'winter'), { recursive: true });
  mkdirSync(secret);
  const world = await createWorld({ files });
  const { call, client } = await connect(world.images);
  const { data } = await call('generate_image', { prompt });
  const picture = readFileSync(data.images[0].path);
  for (const path of [join(files, 'hero.png'), join(files, 'winter/hero.png'), join(secret, 'own.png')]) {
    writeFileSync(path, picture);
  }
  const edit = (image: string) => call('edit_image', { prompt: 'the same in winter', images: [image] });
  return { ...world, files, secret, edit, call, client, uri: data.images[0].uri as string, picture };
}

describe('`edit_image`', () => {
  test.each(['hero.png', 'winter/hero.png'])('takes the file %s of its folder', async (name) => {
    const { edit, charges } = await twoFolders();
    expect((await edit(name)).isError).toBe(false);
    expect(charges()).toBe(2);
  });

  test('takes a data URL, and an https address as it is', async () => {
    const { edit, emulator, picture } = await twoFolders();
    expect((await edit(`data:image/png;base64,${picture.toString('base64')}`)).isError).toBe(false);
    expect((await edit('https://example.com/a.png')).isError).toBe(false);
    expect(JSON.stringify(emulator.requests().at(-1))).not.toContain('base64');
  });

  test('refuses what leads out of its folder, before anything is sent', async () => {
    const { edit, submits, files, secret } = await twoFolders();
    symlinkSync(join(secret, 'own.png'), join(files, 'link.png'));
    symlinkSync(secret, join(files, 'way'));
    symlinkSync(join(files, 'hero.png'), join(files, 'inside.png'));
    const ways = [
      ...['../secret/own.png', 'winter/../../secret/own.png', join(secret, 'own.png'), 'link.png', 'way/own.png'],
      ...['..', '.', '', './hero.png', 'winter', 'hero.png\0.png', '..\\secret\\own.png', 'C:own.png', '~/own.png'],
      ...[`file://${join(secret, 'own.png')}`, 'http://example.com/a.png', 'ftp://example.com/a.png', 'javascript:0'],
    ];
    for (const way of ways) {
      const { isError, data } = await edit(way);
      expect(isError, way).toBe(true);
      if (typeof data === 'object') expect(data.error, way).toMatchObject({ code: 'invalid_request', billed: 'no' });
      expect(way.includes(secret) || !JSON.stringify(data).includes(secret), way).toBe(true);
    }
    expect(submits()).toBe(1);
    expect((await edit('inside.png')).isError).toBe(false);
  });

  test('refuses what is no regular file of a picture, and does not wait for it', async () => {
    const { edit, submits, files } = await twoFolders();
    execFileSync('mkfifo', [join(files, 'pipe.png')]);
    writeFileSync(join(files, 'words.png'), 'these are words');
    for (const name of ['pipe.png', 'words.png', 'missing.png']) {
      expect((await edit(name)).data.error, name).toMatchObject({ code: 'invalid_request', billed: 'no' });
    }
    expect(submits()).toBe(1);
  });

  test('reads no file where no folder was set up', async () => {
    const { images, submits } = await createWorld();
    const { call } = await connect(images);
    const { data } = await call('edit_image', { prompt, images: ['package.json'] });
    expect(data.error.message).toContain('reads no files');
    expect(submits()).toBe(0);
  });

  test('is not there where no model takes pictures', async () => {
    const { images } = await createWorld({ config: { draft: 'wavespeed:wavespeed-ai/flux-schnell' } });
    const { client } = await connect(images);
    const { tools } = await client.listTools();
    const edits = tools.some(({ name }) => name === 'edit_image');
    const listed = await (await connect(images)).call('list_models');
    expect(edits).toBe(listed.data.models[0].hosts.some((host: object) => 'edits' in host));
  });
});

describe('a link', () => {
  test('leads to a picture of the folder and to nothing else', async () => {
    const { client, folder, secret, uri } = await twoFolders();
    const [own = ''] = readdirSync(folder);
    const stem = own.replace(/-1\.\w+$/, '');
    symlinkSync(join(secret, 'own.png'), join(folder, `${stem}-7.png`));
    writeFileSync(join(folder, `${stem}-8.txt`), 'words');
    const ways = [
      ...['imageport://images/../../secret/own', 'imageport://images/..%2F..%2Fsecret%2Fown/1'],
      ...[`imageport://images/${stem}/2`, `imageport://images/${stem}/7`, `imageport://images/${stem}/8`],
      ...[
        `imageport://images/${stem}/..%2F1`,
        `imageport://images/%00/1`,
        `imageport://images/.*/1`,
        `imageport://images/%/1`,
      ],
      ...[`${uri}/1`, 'imageport://images/', 'file:///etc/passwd'],
    ];
    for (const way of ways) await expect(client.readResource({ uri: way }), way).rejects.toThrow();
    expect((await client.readResource({ uri })).contents).toHaveLength(1);
  });

  test('to a picture that is not there is no picture to edit', async () => {
    const { edit, submits } = await twoFolders();
    expect((await edit('imageport://images/nobodys/1')).data.error.code).toBe('invalid_request');
    expect(submits()).toBe(1);
  });
});

test('an id of any signs names one file in the folder', async () => {
  const { images, folder } = await createWorld();
  const { call, client } = await connect(images);
  for (const intent_id of ['../../up', 'CON', '.hidden', 'a/b', 'Order-1', 'order-1', '%2e%2e']) {
    const { data } = await call('generate_image', { prompt, intent_id });
    expect((await client.readResource({ uri: data.images[0].uri })).contents).toHaveLength(1);
  }
  const names = readdirSync(folder);
  expect(names).toHaveLength(7);
  expect(names.filter((name) => !/^[a-z0-9-]+\.\w+$/.test(name))).toEqual([]);
});
