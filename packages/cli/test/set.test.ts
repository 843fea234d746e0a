import { describe, expect, it } from 'vitest';
import { listen, run, scratch } from './harness.ts';

const checkOne = async (model: string, ...flags: string[]) => {
  const { stdout } = await run(['check', 'a fox', '-m', model, '--json', ...flags], { cwd: await scratch() });
  return JSON.parse(stdout).checks[0];
};
const refused = async (...flags: string[]) => {
  const { exitCode, stdout, stderr } = await run(['check', 'a fox', ...flags], { cwd: await scratch() });
  return [exitCode, stdout + stderr] as const;
};

describe('--set', () => {
  it.each([
    ['wavespeed:seedream-3', ['guidance_scale=3.5'], { guidance_scale: 3.5 }],
    ['wavespeed:flux-2-pro', ['seed=-1'], { seed: -1 }],
    ['wavespeed:midjourney', ['quality=0.25', 'version=7', 'hd=false'], { quality: 0.25, version: '7', hd: false }],
    ['wavespeed:ideogram-character', ['style=Auto'], { style: 'Auto' }],
    [
      'wavespeed:wavespeed-ai/flux-dev-lora',
      ['loras=[{"path":"a/b","scale":1}]'],
      { loras: [{ path: 'a/b', scale: 1 }] },
    ],
  ])('gives %s %j by the type of its field', async (model, settings, fields) => {
    const flags = settings.flatMap((each) => ['--set', each]);
    const images = model.endsWith('character') ? ['-i', 'https://example.com/a.png'] : [];
    const { request, verdict } = await checkOne(model, ...flags, ...images);
    expect([verdict, request.body]).toEqual(['supported', expect.objectContaining(fields)]);
  });

  it('takes a list item by item', async () => {
    const [one, other] = ['https://example.com/a.png', 'https://example.com/b.png'];
    const settings = ['--set', `input_images=${one}`, '--set', `input_images=${other}`];
    const { request } = await checkOne('apiframe:flux-1.1-pro', ...settings);
    expect(request.body.fluxParams).toEqual({ input_images: [one, other] });
  });

  it('is for one host where that is named', async () => {
    const flags = ['-m', 'seedream-3', '--set', 'wavespeed.guidance_scale=20', '--json'];
    const { stdout } = await run(['check', 'a fox', ...flags], { cwd: await scratch() });
    expect(JSON.parse(stdout).checks.map(({ request }: { request: { body: object } }) => request.body)).toEqual([
      { guidance_scale: 20, prompt: 'a fox' },
      { model: 'seedream-3', prompt: 'a fox' },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a slip',
      ['-m', 'wavespeed:seedream-3', '--set', 'guidence_scale=3'],
      /has no such field\. Did you mean guidance_scale\?/,
    ],
    [
      'a value of another type',
      ['-m', 'wavespeed:seedream-3', '--set', 'guidance_scale=much'],
      /--set guidance_scale: must be a number from 0 to 20/,
    ],
    [
      'a value out of range',
      ['-m', 'wavespeed:seedream-3', '--set', 'guidance_scale=21'],
      /--set guidance_scale: must be a number from 0 to 20, not 21/,
    ],
    ['no value', ['--set', 'guidance_scale'], /--set guidance_scale: it must be name=value/],
    ['two values', ['-m', 'wavespeed:seedream-3', '--set', 'seed=1', '--set', 'seed=2'], /--set seed is given twice/],
    [
      'a host that is not asked',
      ['-m', 'wavespeed:seedream-3', '--set', 'apiframe.seed=1'],
      /no model of apiframe is asked/,
    ],
    [
      'a field that one model of a route lacks',
      ['-m', 'seedream-4', '--set', 'enhance_prompt=true'],
      /wavespeed:seedream-4 has no such field.*host\.name=value/,
    ],
    [
      'a picture',
      ['-m', 'wavespeed:nano-banana-pro', '--set', 'images=https://example.com/a.png'],
      /has no such field/,
    ],
    [
      'a picture of an edit',
      ['-m', 'wavespeed:google/nano-banana-pro/edit', '--set', 'images=https://example.com/a.png'],
      /given by the option --image/,
    ],
  ])('is refused with %s', async (_, flags, words) => {
    const [exitCode, said] = await refused(...flags);
    expect(exitCode).toBe(2);
    expect(said.replace(/\s+/g, ' ')).toMatch(words);
  });

  it('gives an unknown model what it says, with --unchecked', async () => {
    const flags = ['--unchecked', '--set', 'steps=4', '--set', 'mood=calm'];
    const { request, warnings } = await checkOne('wavespeed:acme/newest', ...flags);
    expect(request.body).toEqual({ prompt: 'a fox', steps: 4, mood: 'calm' });
    expect(warnings.join()).toContain('is in no table');
  });

  it('goes with generate, upscale and cut-out', async () => {
    const { emulator, env } = await listen();
    const cwd = await scratch();
    const image = 'https://example.com/a.png';
    const commands = [
      ['generate', 'a fox', '-m', 'wavespeed:wavespeed-ai/flux-dev', '--set', 'num_inference_steps=12'],
      ['upscale', image, '-m', 'wavespeed:clarity-ai/pro-upscaler', '--set', 'target_megapixels=4'],
      ['cut-out', image, '-m', 'apiframe:851-bg-remove', '--set', 'threshold=0.5'],
    ];
    for (const command of commands) {
      const { exitCode, stderr } = await run(command, { cwd, env });
      expect([command[0], exitCode, stderr]).toEqual([command[0], 0, expect.anything()]);
    }
    const sent = JSON.stringify(emulator.jobs());
    for (const field of ['"num_inference_steps":12', '"target_megapixels":4', '"threshold":0.5'])
      expect(sent).toContain(field);
  });
});

it('a ratio is shown by the name that it was given', async () => {
  const { stdout } = await run(['check', 'a fox', '-a', '21:9', '-m', 'wavespeed:flux-2-pro'], {
    cwd: await scratch(),
  });
  expect(stdout).toContain('--aspect-ratio 21:9 becomes ');
  expect(stdout).not.toContain('7:3');
});
