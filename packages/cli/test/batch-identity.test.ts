import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeRequest } from '../src/batch/fingerprint.ts';
import { type Env, listen, ownClock, run, scratch, slow, start, until, without } from './harness.ts';

/** A list of one row in a folder of its own, and a run of it that says how the row ended. */
async function oneRow() {
  const cwd = await scratch();
  const write = (content: string): Promise<void> => writeFile(join(cwd, 'prompts.csv'), content);
  await write('prompt\na fox');
  const ask = async (env: Env, ...more: string[]): Promise<string | undefined> => {
    const { stdout } = await run(['batch', 'prompts.csv', '--out', 'made', ...more], { cwd, env });
    return stdout.split('  ')[1];
  };
  return { cwd, write, ask };
}

describe('a row is the same', () => {
  it('however its options are written', async () => {
    const { emulator, env } = await listen();
    const { ask, write } = await oneRow();
    expect(await ask(env, '--size', '1024x1024')).toBe('saved');
    expect(await ask(env, '--size', '1024*1024')).toBe('there');
    expect(await ask(env, '--size', '1024x1024', '--fit', 'exact')).toBe('there');
    await write('prompt,Size\na fox,1024X1024');
    expect(await ask(env)).toBe('there');
    expect(emulator.charges()).toHaveLength(1);
  });

  it('whether the default model and the only host are named or not', async () => {
    const { emulator, env } = await listen();
    const { ask } = await oneRow();
    const one = without(env, 'APIFRAME_API_KEY');
    expect(await ask(one)).toBe('saved');
    expect(await ask(one, '--model', 'seedream-4')).toBe('there');
    expect(await ask(one, '--provider', 'wavespeed')).toBe('there');
    expect(await ask(one, '--model', 'wavespeed:seedream-4')).toBe('there');
    expect(emulator.charges()).toHaveLength(1);
  });

  it('whether its model is called as everywhere or as its host alone calls it, also while its job is open', async () => {
    const clock = await ownClock();
    const { emulator, env } = await listen(slow);
    const { ask, cwd } = await oneRow();
    const native = 'bytedance/seedream-v4';
    const running = start(['batch', 'prompts.csv', '--out', 'made', '--model', 'wavespeed:seedream-4'], { cwd, env });
    await until(() => emulator.jobs().length === 1);
    running.signal('SIGINT');
    await running.ended;
    clock.jump(slow.generationTime.fixed);
    expect(await ask(env, '--model', native)).toBe('fetched');
    expect(await ask(env, '--model', `seedream-4,${native}`, '--provider', 'wavespeed')).toBe('there');
    expect(emulator.charges()).toHaveLength(1);
  });

  it('when its route grows at its end, as by another key', async () => {
    const { emulator, env } = await listen();
    const { ask } = await oneRow();
    expect(await ask(without(env, 'APIFRAME_API_KEY'))).toBe('saved');
    expect(await ask(env)).toBe('there');
    expect(await ask(env, '--model', 'seedream-4,seedream-3')).toBe('there');
    expect(emulator.charges()).toHaveLength(1);
  });
});

describe('a row is another', () => {
  it('with another mask, or without one', () => {
    const picture = (last: number) => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, last]);
    const texts = [undefined, picture(1), picture(2)].map((mask) =>
      JSON.stringify(describeRequest({ prompt: 'a fox', images: [picture(0)], mask })),
    );
    expect(new Set(texts).size).toBe(3);
    // A picture of many megabytes is known by its hash.
    expect(texts.join()).not.toContain('base64');
  });

  it('when the default model of the config is another', async () => {
    const { env } = await listen();
    const { ask, cwd } = await oneRow();
    const config = (model: string): Promise<void> =>
      writeFile(join(cwd, 'imageport.config.json'), JSON.stringify({ models: { default: model } }));
    await config('wavespeed:seedream-4');
    expect(await ask(env)).toBe('saved');
    await config('wavespeed:seedream-3');
    expect(await ask(env)).toBe('saved');
    expect(await ask(env)).toBe('there');
  });

  it('when another host is asked', async () => {
    const { env } = await listen();
    const { ask } = await oneRow();
    expect(await ask(env, '--provider', 'wavespeed')).toBe('saved');
    expect(await ask(env, '--provider', 'apiframe')).toBe('saved');
  });

  it('when its host is asked at another address: a trial picture is none of the host', async () => {
    const [trial, real] = [await listen(), await listen()];
    const { ask } = await oneRow();
    expect(await ask(trial.env)).toBe('saved');
    expect(await ask(real.env)).toBe('saved');
    expect(await ask(trial.env)).toBe('there');
    expect(real.emulator.charges()).toHaveLength(1);
  });
});
