import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { listen, run, scratch } from './harness.ts';

const commands = [
  'generate',
  'check',
  'models',
  'jobs',
  'jobs settle',
  'resume',
  'trust',
  'gateway',
  'gateway new-key',
  'mcp',
  'emulate',
  'doctor',
  'completion',
];

describe('help', () => {
  it.each(commands)('of %s says defaults in words, once', async (command) => {
    const { exitCode, stdout } = await run([...command.split(' '), '--help'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: imageport /);
    expect(stdout).not.toMatch(/default: (\[\]|0\b|undefined|false)|default: [^)]*\)\s*\(default/);
  });

  it.each(commands)('is where a mistyped option of %s leads', async (command) => {
    const { exitCode, stderr } = await run([...command.split(' '), '--nonsense'], { cwd: await scratch() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`(imageport ${command} --help lists its `);
  });
});

describe('a slip', () => {
  it.each([
    [['generate', '-dash prompt'], "imageport generate -- '-dash prompt'"],
    [['generate', '--a prompt with dashes'], "imageport generate -- '--a prompt with dashes'"],
    [['check', '-sunset'], "imageport check -- '-sunset'"],
    [['generate'], 'or - to read it from stdin'],
    [['modles'], 'Did you mean models?'],
    [['jobs', 'settel'], 'Did you mean settle?'],
    [['doctr'], 'Did you mean doctor?'],
    [['generate', 'a fox', '-m', 'wavespeeed:seedream-4'], 'Did you mean wavespeed?'],
    [['generate', 'a fox', '-m', 'wavespeed:seedraem-4'], 'Did you mean seedream-4?'],
  ])('%o is answered with %o', async (args, says) => {
    const { exitCode, stderr } = await run(args, { cwd: await scratch() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });

  it('in a name of the config is recognised too', async () => {
    const cwd = await scratch();
    writeFileSync(join(cwd, 'imageport.config.json'), JSON.stringify({ models: { draft: 'wavespeed:seedream-4' } }));
    const { stderr } = await run(['check', 'a fox', '-m', 'darft'], { cwd });
    expect(stderr).toContain('Did you mean draft?');
  });

  it('in an id that no table has is refused, and sent only as it is meant', async () => {
    const [cwd, { emulator, env }] = [await scratch(), await listen()];
    const args = ['generate', 'a fox', '-m', 'apiframe:seedraem-4'];
    const refused = await run(args, { cwd, env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('There is no model "seedraem-4" at apiframe. Did you mean seedream-4?');
    expect(emulator.requests()).toEqual([]);
    const { stderr } = await run([...args, '--unchecked'], { cwd, env });
    expect(stderr).toContain(
      'No "seedraem-4" is known of apiframe, so it is asked for as it is. Did you mean seedream-4?',
    );
    expect(emulator.requests().length).toBeGreaterThan(0);
    expect(emulator.charges()).toEqual([]);
  });

  it('a prompt after -- may begin with a dash', async () => {
    const { exitCode, stdout } = await run(['check', '--', '-dash prompt'], { cwd: await scratch() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"prompt":"-dash prompt"');
  });
});

/** What bash offers when Tab is pressed after these words; the last one is being typed. */
async function complete(words: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['completion', 'bash'], { cwd: await scratch() });
  const typed = ['imageport', ...words].map((word) => `'${word}'`).join(' ');
  const program = `${stdout}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _imageport; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n');
}

describe('completion in bash', () => {
  it('offers files with blanks in their names as they are', async () => {
    const cwd = await scratch();
    writeFileSync(join(cwd, 'my fox.png'), '');
    expect(await complete(['generate', 'a fox', '--image', `${cwd}/my`])).toEqual([`${cwd}/my fox.png`]);
    expect(await complete(['trust', `${cwd}/my`])).toEqual([`${cwd}/my fox.png`]);
  });

  it('offers the files that a command takes, and none that another name stands for', async () => {
    const cwd = await scratch();
    for (const name of ['pro*.csv', 'prompts.csv', 'a:b.png']) writeFileSync(join(cwd, name), '');
    expect(await complete(['batch', `${cwd}/pro*`])).toEqual([`${cwd}/pro*.csv`]);
    expect(await complete(['generate', 'a fox', '--image', `${cwd}/pro*`])).toEqual([`${cwd}/pro*.csv`]);
    expect((await complete(['batch', `${cwd}/`])).sort()).toEqual(
      ['a:b.png', 'pro*.csv', 'prompts.csv'].map((name) => `${cwd}/${name}`),
    );
    expect(await complete(['upscale', `${cwd}/a`, ':', 'b'])).toEqual(['b.png']);
    expect(await complete(['batch', '--concur'])).toEqual(['--concurrency']);
  });

  it.each([
    [['ge'], ['generate']],
    [['jobs', 'se'], ['settle']],
    [['generate', '--asp'], ['--aspect-ratio']],
    [['jobs', 'settle', '--ad'], ['--adopt']],
    [['generate', 'a fox', '--provider', 'wa'], ['wavespeed']],
    [
      ['generate', '-m', 'seedream-5'],
      ['seedream-5-lite', 'seedream-5-pro'],
    ],
    [
      ['generate', '--model', '=', 'seedream-5'],
      ['seedream-5-lite', 'seedream-5-pro'],
    ],
    [['generate', '--model=seedream-5-p'], ['--model=seedream-5-pro']],
    [
      ['generate', '--provider', '='],
      ['wavespeed', 'apiframe'],
    ],
    [['generate', '-m', 'flux-2-dev,seedream-5-p'], ['flux-2-dev,seedream-5-pro']],
    [['generate', '-m', 'wavespeed', ':', 'seedream-5-p'], ['seedream-5-pro']],
    [['generate', '-m', 'flux-2-dev,wavespeed', ':', 'seedream-5-p'], ['seedream-5-pro']],
    [['generate', '--model', '=', 'flux-2-dev,wavespeed', ':', 'seedream-5-p'], ['seedream-5-pro']],
    [['generate', '--model=flux-2-dev,wavespeed:seedream-5-p'], ['--model=flux-2-dev,wavespeed:seedream-5-pro']],
    [['completion', 'z'], ['zsh']],
    [['generate', '--size', ''], ['']],
    [['generate', '--out', '/dev/nul'], ['/dev/null']],
  ])('%o gives %o', async (words, offered) => {
    expect(await complete(words)).toEqual(offered);
  });
});

test.each([
  ['zsh', "'--aspect-ratio:such as 16\\:9'"],
  ['fish', "complete -c imageport -n '__imageport_at jobs settle' -l adopt -x"],
])('the script for %s knows every command and option', async (shell, line) => {
  const { exitCode, stdout } = await run(['completion', shell], { cwd: await scratch() });
  expect(exitCode).toBe(0);
  for (const word of ['generate', 'settle', 'doctor', 'seedream-4.5', 'no-emulate', line])
    expect(stdout).toContain(word);
});

test('a shell that has no script is refused by name', async () => {
  const { exitCode, stderr } = await run(['completion', 'tcsh'], { cwd: await scratch() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
