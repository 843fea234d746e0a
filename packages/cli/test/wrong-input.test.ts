import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen, run, scratch } from './harness.ts';

interface Slip {
  readonly name: string;
  readonly args: readonly string[];
  readonly says: string;
}

const slips: readonly Slip[] = [
  { name: 'no prompt', args: [], says: "missing required argument 'prompt'" },
  { name: 'an empty prompt', args: [' '], says: 'prompt must not be empty' },
  { name: 'a prompt without quotes', args: ['a', 'fox'], says: 'A prompt of several words needs quotes' },
  { name: 'an unknown option', args: ['a fox', '--sise', '1'], says: '(Did you mean --size?)' },
  { name: 'a misspelt model', args: ['a fox', '-m', 'seedraem-4'], says: 'Did you mean seedream-4?' },
  { name: 'an unknown host', args: ['a fox', '-p', 'replicate'], says: 'Allowed choices are wavespeed, apiframe' },
  {
    name: 'an unknown host of a model',
    args: ['a fox', '-m', 'foo:bar'],
    says: 'There is no host "foo"; there are wavespeed and apiframe.',
  },
  {
    name: 'a size that is none',
    args: ['a fox', '--size', 'big'],
    says: '--size must be "WxH" in pixels, like "1024x1024"',
  },
  {
    name: 'a size beside a ratio',
    args: ['a fox', '--size', '1024x1024', '-a', '1:1'],
    says: '--size excludes --aspect-ratio and --resolution',
  },
  { name: 'a ratio that is none', args: ['a fox', '-a', 'wide'], says: '--aspect-ratio must be "W:H"' },
  { name: 'a seed that is none', args: ['a fox', '--seed', '1.5'], says: 'It must be a whole number.' },
  {
    name: 'a seed for a model that takes none',
    args: ['a fox', '--seed', '1'],
    says: 'apiframe:seedream-4 cannot honour --seed: the model takes none',
  },
  { name: 'no pictures', args: ['a fox', '-n', '0'], says: '-n must be a whole number from 1 to 100' },
  { name: 'seconds as milliseconds', args: ['a fox', '--timeout', '60'], says: 'write 60s for seconds, or 60ms' },
  {
    name: 'a picture that is not there',
    args: ['a fox', '-i', 'no.png'],
    says: '--image no.png: there is no such file',
  },
  { name: 'a picture that is none', args: ['a fox', '-i', 'text.png'], says: 'the file is not a picture' },
  { name: 'a config that is not there', args: ['a fox', '-c', 'no.json'], says: 'there is no such file' },
  {
    name: 'a cap of nothing',
    args: ['a fox', '--max-cost', '0usd'],
    says: 'imageport check says what a picture costs',
  },
  { name: 'a cap of no credits', args: ['a fox', '--max-cost', '1usd,0.00credits'], says: 'It must be more than 0' },
  { name: 'an empty model', args: ['a fox', '-m', ''], says: '--model is empty; give it a value or leave it out' },
  { name: 'an empty place', args: ['a fox', '-o', ' '], says: '--out is empty' },
  { name: 'an empty ledger', args: ['a fox', '--ledger', ''], says: '--ledger is empty' },
  {
    name: 'a name too long for any disk',
    args: ['a fox', '-o', `${'a'.repeat(252)}.png`],
    says: 'longer than 255 bytes',
  },
  { name: 'a folder that is not there', args: ['a fox', '-o', 'no/a.png'], says: 'The folder no does not exist' },
];

describe('wrong input', () => {
  it.for(slips)('$name ends with exit code 2, one clear line, and nothing sent', async ({ args, says }) => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    await writeFile(join(cwd, 'text.png'), 'not a picture');
    const { exitCode, stdout, stderr } = await run(['generate', ...args, '--json'], { cwd, env });
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ billed: 'no' });
    expect(stderr).not.toMatch(/^\s+at /m);
    // A command is quoted so, but no option of the library.
    expect(stdout + stderr).not.toMatch(/`(?!imageport )\w|onAmbiguous|timeout:|create[A-Z]\w+\(/);
    expect(emulator.requests()).toEqual([]);
  });

  it('an unknown command leads to the right one', async () => {
    const { exitCode, stderr } = await run(['a fox'], { cwd: await scratch() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('To make a picture: imageport generate');
  });

  it('something unexpected is one line and a hint, and the stack on request only', async () => {
    const broken = (more: object) =>
      Object.defineProperty({ ...more }, 'WAVESPEED_API_KEY', {
        get() {
          throw new RangeError('odd');
        },
      });
    const cwd = await scratch();
    const { exitCode, stderr } = await run(['generate', 'a fox'], { cwd, env: broken({}) });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'error: something unexpected: odd\nSet IMAGEPORT_DEBUG=1 to see where, and please report it.\n',
    );
    const debugged = await run(['generate', 'a fox'], { cwd, env: broken({ IMAGEPORT_DEBUG: '1' }) });
    expect(debugged.stderr).toMatch(/RangeError: odd\n\s+at /);
  });

  it('asking for help is no error', async () => {
    const { exitCode, stdout } = await run(['--help'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
  });

  it('the host refusing the content ends with exit code 4 and no second host', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen({ faults: [{ on: 'submit', job: 'moderated' }] })];
    const { exitCode, stderr } = await run(['generate', 'a fox'], { cwd, env });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Change the prompt or the reference images');
    expect(emulator.jobs()).toHaveLength(1);
  });
});
