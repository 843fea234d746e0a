import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileLedger } from '@imageport/core/node';
import { describe, expect, test } from 'vitest';
import { howToPoll } from '../src/open-jobs.ts';
import { oneLine, safeJson, severalLines } from '../src/terminal/safe-text.ts';
import { shown } from '../src/terminal/write.ts';
import { run, scratch, spawnCli } from './harness.ts';

const source = join(import.meta.dirname, '../src');
/** Everything that a terminal obeys or hides; spaces, line breaks and our own spinner aside. */
const obeyed = /(?!\n)\p{Cc}|(?!\u200d)\p{Cf}|[\u2028\u2029\ud800-\udfff]/u;

const link = '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\';
const attacks: [name: string, text: string][] = [
  ['a colour', 'a\u001b[31mred\u001b[0mb'],
  ['a cursor movement', 'a\u001b[2J\u001b[1;1Hb'],
  ['a hyperlink', `a${link}b`],
  ['a title', 'a\u001b]0;title\u0007b'],
  ['a clipboard write', 'a\u001b]52;c;AAAA\u0007b'],
  ['a hyperlink in 8 bits', 'a\u009d8;;https://evil.example\u009cclick\u009d8;;\u009cb'],
  ['a colour in 8 bits', 'a\u009b31mb'],
  ['a reset', 'a\u001bcb'],
  ['a device control', 'a\u001bP1;2q#0\u001b\\b'],
  ['an unfinished sequence', 'ab\u001b['],
  ['a line that is written over', 'a\rb\u0008'],
  ['an override of direction', 'a\u202egnp.exe\u202cb'],
  ['an isolate', 'a\u2066x\u2069b'],
  ['no width', 'a\u200b\u2060\ufeff\u00adb'],
  ['tags', 'a\u{e0041}\u{e0042}b'],
  ['half a character', 'a\ud83db'],
  ['a forged line', 'a\nerror: nothing was charged\u2028b'],
];

describe('a terminal only shows', () => {
  test.each(attacks)('%s', (_, text) => {
    expect(oneLine(text)).not.toMatch(obeyed);
    expect(oneLine(text)).not.toContain('\n');
    expect(severalLines(text)).not.toMatch(obeyed);
    expect(oneLine(text)).toMatch(/^a.*b?$/);
    const json = safeJson(JSON.stringify({ text }));
    expect(json).not.toMatch(obeyed);
    expect(JSON.parse(json)).toEqual({ text });
  });

  test.each(['👩‍🔬 in a lab', 'نمی‌خواهم', 'क्‍ष', 'é à 日本', 'a b'])('what is meant to be seen: %s', (text) => {
    expect(oneLine(text)).toBe(text);
  });
});

test('a key that was split by what cannot be seen is not put together again', () => {
  const key = 'wsk_0123456789abcdef';
  const env = { WAVESPEED_API_KEY: key };
  for (const by of ['', '\u200b', '\u001b[0m', '\u0000', ' ']) {
    expect(shown({ env }, `key ${[...key].join(by)}!`)).toBe('key [redacted]!');
  }
});

test.each(['image', 'ollama', 'none', 'x'])(
  'a word that stands where a program wants any key is no key: %s',
  (word) => {
    const env = { OLLAMA_API_KEY: word, WAVESPEED_API_KEY: ` ${word} ` };
    const path = `/home/me/${word}/pictures/${word}.png, 512x512`;
    expect(shown({ env }, path)).toBe(path);
  },
);

test('a script for a shell is printed as it is, whatever words keys are', async () => {
  const cwd = await scratch();
  const env = { IMAGE_API_KEY: 'imageport', OTHER_API_KEY: 'COMPREPLY' };
  const { stdout } = await spawnCli(['completion', 'bash'], { cwd, env }).ended;
  expect(stdout).toBe((await run(['completion', 'bash'], { cwd })).stdout);
  expect(stdout).not.toContain('[redacted]');
});

test('no other file of the command line writes to the terminal', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(30);
  const writes = files.filter((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return /\bconsole\b|\bstd(out|err)\b|\bwriteSync\b|node:tty/.test(text);
  });
  // `io.ts` names the streams, `process-io.ts` finds them, `halt.ts` hears when nobody reads one.
  expect(writes.sort()).toEqual([
    'batch/halt.ts',
    'io.ts',
    'process-io.ts',
    'terminal/status-line.ts',
    'terminal/write.ts',
  ]);
});

test('what a ledger, a config and arguments say does not reach the terminal as it is', async () => {
  const cwd = await scratch();
  const evil = `x${attacks.map(([, text]) => text).join('')}\u0007`;
  const ledger = createFileLedger(join(cwd, 'jobs.jsonl'));
  const request = { prompt: evil, images: [], fit: 'exact', responseFormat: 'url', providerOptions: {} } as const;
  const intent = { id: evil, createdAt: Date.now(), request, route: [{ provider: 'wavespeed', modelId: evil }] };
  const { fence = 0 } = await ledger.begin(intent, { owner: 'o', duration: 1_000 });
  const job = { provider: 'wavespeed', modelId: evil, id: evil, submittedAt: Date.now() };
  await ledger.append(intent.id, fence, { type: 'accepted', at: Date.now(), job });
  await ledger.close();
  await writeFile(join(cwd, 'evil.json'), JSON.stringify({ [evil]: 1 }));
  const commands = [
    ['jobs', '--ledger', 'jobs.jsonl'],
    ['jobs', '--ledger', 'jobs.jsonl', '--json'],
    ['resume', '--ledger', 'jobs.jsonl'],
    ['generate', 'x', '--config', 'evil.json'],
    ['generate', 'x', '--config', evil.replaceAll('\u0000', '')],
    ['generate', 'x', '--model', evil],
    ['generate', 'x', '--model', evil, '--json'],
    ['generate', 'x', '--image', evil.replaceAll('\u0000', '')],
    [evil],
    ['check', 'x', '--model', `wavespeed:${evil}`],
    ['jobs', 'settle', evil, '--absent', '--ledger', 'jobs.jsonl'],
  ];
  for (const args of commands) {
    const { stdout, stderr } = await run(args, { cwd });
    expect(stdout + stderr, args.join(' ')).not.toBe('');
    expect(stdout, args.join(' ')).not.toMatch(obeyed);
    expect(stderr, args.join(' ')).not.toMatch(obeyed);
  }
});

test('a signed address is not printed, in JSON neither', async () => {
  const cwd = await scratch();
  const image = 'https://a.example/x.png?X-Amz-Date=1&X-Amz-Signature=abcdef';
  for (const more of [[], ['--json']]) {
    const { stdout, stderr } = await run(['check', 'x', '--model', 'wavespeed:seedream-4', '--image', image, ...more], {
      cwd,
    });
    expect(stdout + stderr).toContain('https://a.example/x.png?[signed]');
    expect(stdout + stderr).not.toContain('abcdef');
  }
});

test('the printed curl does nothing but ask, whatever the address is', async () => {
  const adapter = {
    name: 'fake',
    env: { apiKey: 'FAKE_API_KEY', baseUrl: '' },
    authorize: (key: string) => ({ 'X-API-Key': key }),
    toPoll: (id: string) => ({ method: 'GET', path: `/jobs/${id}` }),
  };
  for (const id of [
    "a'; touch pwned; '",
    '$(touch pwned)',
    '`touch pwned`',
    'a&touch pwned',
    'a\\',
    'a b',
    '!x',
    'a*?',
  ]) {
    const accounts = { providers: [{ adapter }], addresses: { fake: 'https://a.example/$HOME;' } };
    const command = howToPoll({ provider: 'fake', modelId: 'm', id }, accounts as never);
    const said = execFileSync('sh', ['-c', command.replace(/^curl/, 'printf "%s\\n"')], {
      env: { FAKE_API_KEY: 'the key' },
      encoding: 'utf8',
    });
    expect(said).toBe(`-H\nX-API-Key: the key\nhttps://a.example/$HOME;/jobs/${id}\n`);
  }
});
