import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findDifferences } from '../src/models/differences.ts';
import { type Env, run, scratch, spawnCli } from './harness.ts';
import { bodiesOf, bodyOf, changeAll, copies, entryOf, live, schemaOf, serveLists } from './own-lists.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What `--update` reads and writes, in a folder of its own; the script of the docs says that it ran, and with which keys. */
async function cloned(): Promise<string> {
  const clone = await scratch();
  for (const name of ['wavespeed', 'apiframe', 'emulator']) {
    for (const each of ['catalogue', 'src', 'package.json']) {
      await cp(join(root, 'packages', name, each), join(clone, 'packages', name, each), { recursive: true });
    }
    await symlink(join(root, 'packages', name, 'node_modules'), join(clone, 'packages', name, 'node_modules'));
  }
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  await cp(join(root, 'package.json'), join(clone, 'package.json'));
  await mkdir(join(clone, 'docs'));
  const script = `require('node:fs').writeFileSync('ran', Object.keys(process.env).join())`;
  await writeFile(
    join(clone, 'docs/generate.ts'),
    `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${script};\n`,
  );
  return clone;
}

const recorded = async (clone: string, host: string) =>
  JSON.parse(await readFile(join(clone, `packages/${host}/catalogue/recorded.json`), 'utf8'));
const source = (clone: string, path: string): Promise<string> => readFile(join(clone, 'packages', path), 'utf8');
const today = new Date().toISOString().slice(0, 10);

const listed = 'packages/apiframe/src/live/listed.ts';
const linesOf = (text: string): string[] => text.split('\n');

interface Model {
  readonly id: string;
  readonly seen?: readonly string[];
  readonly usd?: object;
}

async function modelsOf(clone: string, host: string) {
  const { models } = (await recorded(clone, host)) as { models: Model[] };
  return (id: string) => models.find((model) => model.id === id);
}

/** Every file that an update may write, by its path. */
async function everything(clone: string): Promise<Record<string, string>> {
  const names = (await readdir(join(clone, 'packages'), { recursive: true })).filter((name) =>
    /^[a-z]+\/(catalogue|src)\/.*\.(json|ts)$/.test(name.replaceAll('\\', '/')),
  );
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await source(clone, name)] as const)));
}

const update = (cwd: string, env: Env, ...flags: string[]) => run(['models', '--update', ...flags], { cwd, env });

describe('imageport models --update', () => {
  it('records what the lists say, keeps what they do not, and writes the tables', async () => {
    const [clone, { env }] = [await cloned(), await serveLists(changeAll)];
    const [before, { date: day }] = [await modelsOf(clone, 'wavespeed'), await recorded(clone, 'apiframe')];
    const { exitCode, stdout, stderr } = await update(join(clone, 'packages'), env);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('running docs/generate.ts')]);
    expect(stdout).toContain(`wavespeed: ${live.wavespeed} models; 1 new, 1 gone, 1 changed`);
    expect(stdout).toMatch(/Written: packages\/wavespeed, packages\/apiframe.*\n.*git diff.*review.*\n.*npm test/);

    const [wavespeed, apiframe] = [await modelsOf(clone, 'wavespeed'), await modelsOf(clone, 'apiframe')];
    expect(wavespeed('acme/new-image')).toMatchObject({ live: true, seen: [today], usd: { [today]: 0.011 } });
    const wan = 'alibaba/wan-2.7/text-to-image';
    const gone = 'google/nano-banana-pro/edit-ultra';
    expect(wavespeed(gone)).toEqual({ ...before(gone), live: false, lastSeen: copies.at(-1), goneBy: today });
    expect(wavespeed(wan)).toMatchObject({
      seen: [...new Set([...(before(wan)?.seen ?? []), today])],
      usd: { ...before(wan)?.usd, [today]: 0.5 },
      inputs: { mood: { enum: ['calm', 'wild'] }, size: { maximum: 16_384, stated: { maxArea: 4_194_304 } } },
    });
    expect(wavespeed('openai/dall-e-3')).toEqual(before('openai/dall-e-3'));
    expect(apiframe('dall-e-2')).toMatchObject({ lastSeen: day, goneBy: today, credits: [{ credits: 2 }] });
    expect(apiframe('dall-e-3')).toMatchObject({ inputs: { style: { enum: ['natural', 'bold'] } } });

    expect(await source(clone, 'wavespeed/src/catalogue/models.ts')).toContain("['acme/new-image', 0.011");
    expect(await source(clone, 'wavespeed/src/catalogue/ids.ts')).toContain("'acme/new-image'");
    expect(await source(clone, 'apiframe/src/catalogue/models.ts')).toMatch(
      new RegExp(`'dall-e-2', .*gone: { seen: '${day}', by: '${today}' }`),
    );
    expect(await source(clone, 'apiframe/src/catalogue/ids.ts')).toContain("'qwen-image-9'");
    expect(stdout).not.toContain('By hand');
    const [lines, now] = [
      linesOf(await readFile(join(root, listed), 'utf8')),
      linesOf(await source(clone, listed.slice(9))),
    ];
    expect(now.filter((line) => !lines.includes(line))).toHaveLength(2 + 2 + 1);
    const emulated = await source(clone, 'emulator/catalogue/wavespeed.json');
    expect(emulated).toContain('"acme/new-image"');
    expect(await source(clone, 'emulator/catalogue/apiframe.json')).not.toContain('"dall-e-2"');
  });

  it('writes no byte of a list that says what the tables say', async () => {
    const [clone, { env }] = [await cloned(), await serveLists(() => undefined)];
    const before = await everything(clone);
    const { exitCode, stdout } = await update(clone, env);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Nothing has changed')]);
    expect(await everything(clone)).toEqual(before);
  });

  it('changes the lines of what has changed, and the day of the copy', async () => {
    const [clone, { env }] = [await cloned(), await serveLists(changeAll)];
    const path = 'wavespeed/catalogue/recorded.json';
    const before = linesOf(await source(clone, path));
    await update(clone, env, '-p', 'wavespeed');
    const now = linesOf(await source(clone, path)).filter((line) => !before.includes(line));
    expect(now.map((line) => /"(?:id": "([^"]+)|(copies))"/.exec(line)?.slice(1).join(''))).toEqual([
      'copies',
      'acme/new-image',
      'alibaba/wan-2.7/text-to-image',
      'google/nano-banana-pro/edit-ultra',
    ]);
  });

  it('names a model that was known in part, and keeps it so while the list says no more of it', async () => {
    const [clone, id] = [await cloned(), 'wavespeed-ai/qwen-image-2.1/text-to-image'];
    const { env } = await serveLists((lists) => {
      schemaOf(entryOf(lists, id)).properties.mood = { type: 'string' };
    });
    const { stdout } = await update(clone, env, '-p', 'wavespeed');
    expect(stdout).toContain(`changed  ${id}\n           its fields were known in part;`);
    const find = await modelsOf(clone, 'wavespeed');
    expect(find(id)).toMatchObject({ schema: 'full', inputsFrom: today });
    expect(find('alibaba/qwen-image-3.0/text-to-image')).toMatchObject({ schema: 'partial' });
  });

  it('leaves tables that differ in nothing from the lists', async () => {
    const [clone, { env, lists }] = [await cloned(), await serveLists(changeAll)];
    expect((await update(clone, env)).exitCode).toBe(0);
    const readers = [
      ['wavespeed', 'compareList', lists.wavespeed],
      ['apiframe', 'compareDocument', lists.apiframe],
    ] as const;
    for (const [host, name, body] of readers) {
      const reader = await import(pathToFileURL(join(clone, 'packages', host, 'src/live/compare.ts')).href);
      const { models, ...found } = findDifferences(reader[name](body));
      expect([host, models, found]).toEqual([
        host,
        models,
        { added: [], back: [], gone: [], changed: [], twice: [], unread: [] },
      ]);
    }
  });

  it('gives no script a key, and changes nothing when it is said again', async () => {
    const [clone, { env }] = [await cloned(), await serveLists(changeAll)];
    const spawned = spawnCli(['models', '--update'], { cwd: clone, env });
    expect((await spawned.ended).exitCode).toBe(0);
    expect(await readFile(join(clone, 'ran'), 'utf8')).toContain('WAVESPEED_BASE_URL');
    expect(await readFile(join(clone, 'ran'), 'utf8')).not.toContain('_API_KEY');
    const paths = [
      'wavespeed/catalogue/recorded.json',
      'apiframe/catalogue/recorded.json',
      'apiframe/src/live/listed.ts',
    ];
    const once = await Promise.all(paths.map((path) => source(clone, path)));
    await update(clone, env);
    expect(await Promise.all(paths.map((path) => source(clone, path)))).toEqual(once);
  });

  it('writes one host alone, as JSON too, and names what is to be changed by hand', async () => {
    const clone = await cloned();
    const { env } = await serveLists((lists) => {
      schemaOf(entryOf(lists, 'bytedance/seedream-v4')).properties.seed = { type: 'integer' };
    });
    const untouched = await source(clone, 'apiframe/catalogue/recorded.json');
    const { exitCode, stdout } = await update(clone, env, '--provider', 'wavespeed', '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        hosts: [{ provider: 'wavespeed', changed: [{ id: 'bytedance/seedream-v4' }] }],
        written: true,
        notes: ['By hand, in packages/wavespeed/src/families.ts: bytedance/seedream-v4'],
      },
    ]);
    expect(await source(clone, 'wavespeed/src/live/listed.ts')).toContain("seed: { type: 'integer' }");
    expect(await source(clone, 'apiframe/catalogue/recorded.json')).toBe(untouched);
  });

  it('is refused for a list that lost more than a tenth, unless it is forced', async () => {
    const clone = await cloned();
    const { env } = await serveLists((lists) => {
      lists.apiframe.components.schemas.GenerateImageRequest = { oneOf: bodiesOf(lists).slice(7) };
    });
    const before = await source(clone, 'wavespeed/catalogue/recorded.json');
    const { exitCode, stderr } = await update(clone, env);
    expect([exitCode, stderr]).toEqual([5, expect.stringMatching(/the list of apiframe lacks .* nothing was written/)]);
    expect(await source(clone, 'wavespeed/catalogue/recorded.json')).toBe(before);
    const forced = await update(clone, env, '--force', '-p', 'apiframe');
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect((await modelsOf(clone, 'apiframe'))('dall-e-3')).toMatchObject({ goneBy: today });
  });

  it('writes nothing when a host could not be asked', async () => {
    const [clone, { env }] = [await cloned(), await serveLists(changeAll)];
    const before = await source(clone, 'apiframe/catalogue/recorded.json');
    const { exitCode, stdout } = await update(clone, { ...env, WAVESPEED_BASE_URL: 'http://127.0.0.1:2' });
    expect([exitCode, stdout]).toEqual([5, expect.stringContaining('Nothing was written.')]);
    expect(await source(clone, 'apiframe/catalogue/recorded.json')).toBe(before);
  });

  it('writes no half of a host whose tables cannot be made, and says why', async () => {
    const clone = await cloned();
    const { env } = await serveLists((lists) => {
      delete bodyOf(lists, 'flux-2-pro').properties.fluxParams?.properties?.input_images;
    });
    const before = await source(clone, 'apiframe/catalogue/recorded.json');
    const { exitCode, stderr } = await update(clone, env, '-p', 'apiframe');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('overrides.ts names `input_images`')]);
    expect(await source(clone, 'apiframe/catalogue/recorded.json')).toBe(before);
  });

  it('runs in a clone only, and asks nobody elsewhere', async () => {
    const { asked, env } = await serveLists(changeAll);
    const { exitCode, stderr } = await update(await scratch(), env);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/clone of the repository only.*CONTRIBUTING\.md/)]);
    expect(asked).toEqual([]);
  });
});
