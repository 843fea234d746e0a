import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors/image-error.ts';
import { redactionOf } from '../../src/host/redaction.ts';
import { Secret } from '../../src/host/secret.ts';

const canary = 'wsk-canary-0123456789';
const secret = new Secret(canary, 'wavespeed');

test.each<[string, () => unknown]>([
  ['String', () => String(secret)],
  ['a template', () => `${secret}`],
  ['adding', () => `${''}${secret as unknown as string}`],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspect', () => inspect(secret)],
  [
    'inspect, nested, with everything',
    () => inspect({ a: { b: [secret] } }, { depth: 9, showHidden: true, getters: true }),
  ],
  ['inspect without its own', () => inspect(secret, { customInspect: false, showHidden: true, depth: 9 })],
  ['structuredClone', () => inspect(structuredClone(secret), { showHidden: true })],
  ['a copy', () => JSON.stringify({ ...secret })],
  ['its members', () => Object.getOwnPropertyNames(secret).concat(Reflect.ownKeys(secret).map(String)).join()],
  ['an error about it', () => inspect(new Error(`bad ${secret}`, { cause: secret }))],
  [
    'an ImageError about it',
    () =>
      inspect(new ImageError({ code: 'timeout', message: `${secret}`, billed: 'no', stage: 'poll', cause: secret })),
  ],
])('is not seen through %s', (_, show) => expect(String(show())).not.toContain(canary));

test('is seen by `reveal`, and cut out of what a host says', () => {
  expect(secret.reveal()).toBe(canary);
  expect(redactionOf(secret).text(`key ${canary} and ${canary}!`)).toBe('key [redacted] and [redacted]!');
});

test.each([` ${canary}`, `${canary}\n`, `\t${canary}\r\n`])('white space around it is cut', (text) => {
  expect(new Secret(text, 'x').reveal()).toBe(canary);
});

describe('a malformed key', () => {
  test.each<[string, unknown]>([
    ['is empty', ''],
    ['is blank', ' \n'],
    ['has a space', `${canary} x`],
    ['has a line break', `${canary}\nX-Evil: 1`],
    ['has a NUL', `${canary}\0`],
    ['has a letter outside ASCII', `${canary}é`],
    ['has a zero width space', `${canary}\u200b`],
    ['is longer than any that a host gives', canary.repeat(1_000)],
    ['is a number', 123_456_789],
    ['is null', null],
    ['is an object', { key: canary }],
  ])('that %s is refused without being quoted', (_, value) => {
    let thrown: unknown;
    try {
      new Secret(value as string, 'wavespeed');
    } catch (error) {
      thrown = error;
    }
    expect(ImageError.is(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code: 'invalid_request', billed: 'no', stage: 'prepare', provider: 'wavespeed' });
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toMatch(/canary|123456789/);
    expect(String(thrown)).toContain('The API key of wavespeed');
  });
});

test('a key may have 16,384 characters', () => {
  const key = `wsk-${'canary'.repeat(2_730)}`;
  expect(redactionOf(new Secret(key, 'wavespeed')).text(`no ${key}`)).toBe('no [redacted]');
});
