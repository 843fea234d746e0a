import { describe, expect, test } from 'vitest';
import { type Call, type GenerateImageOptions, parseCall } from '../../src/call.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import { createProvider } from '../../src/host/provider.ts';
import { createMemoryLedger } from '../../src/ledger/memory.ts';
import { toFrame } from '../../src/picture/generate.ts';
import { createRegistry, type RegistryConfig } from '../../src/registry.ts';
import { fakeAdapter } from './fake.ts';

const fake = createProvider(fakeAdapter(), { apiKey: 'k' });
const other = createProvider(fakeAdapter({ name: 'other' }), { apiKey: 'k' });
const model = fake('x/y');
const prompt = 'a very secret lighthouse';
const call = (more: object = {}): Call => parseCall({ model, prompt, ...more } as GenerateImageOptions);

function refusal(work: () => unknown): ImageError {
  try {
    work();
  } catch (error) {
    if (ImageError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a call', () => {
  test('calls that agree share what they agree on, so that it is there once for all jobs that wait', () => {
    const [one, other, slower] = [call(), call({ model: [model] }), call({ pace: 'aggressive' })];
    expect(other.route).toBe(one.route);
    expect(toFrame(other).policy).toBe(toFrame(one).policy);
    expect(toFrame(slower).policy).toMatchObject({ pace: 'aggressive', jobTimeout: Infinity });
    expect(toFrame(call()).policy.pace).toBe('default');
  });

  test.each<[string, object]>([
    ['model', { model: undefined }],
    ['model', { model: null }],
    ['model', { model: 'wavespeed:seedream-4' }],
    ['model', { model: [] }],
    ['model', { model: fake }],
    ['model', { model: [model, 'x'] }],
    ['model', { model: { provider: 'fake', modelId: 'x' } }],
    ['model', { model: { provider: fake, modelId: 7 } }],
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: -1 }],
    ['timeout', { timeout: Number.NaN }],
    ['timeout', { timeout: '5' }],
    ['n', { n: 0 }],
    ['n', { n: 101 }],
    ['n', { n: 1.5 }],
    ['n', { n: '1' }],
    ['intentId', { intentId: 'two words' }],
    ['intentId', { intentId: '' }],
    ['intentId', { intentId: 'x'.repeat(201) }],
    ['intentId', { intentId: 'line\nbreak' }],
    ['ledger', { ledger: {} }],
    ['ledger', { ledger: 'memory' }],
    ['ledger', { ledger: null }],
    ['interval', { interval: 0 }],
    ['interval', { interval: Number.NaN }],
    ['interval', { interval: '2s' }],
    ['signal', { signal: {} }],
    ['signal', { signal: true }],
    ['onEvent', { onEvent: 'log' }],
    ['deliver', { deliver: {} }],
    ['onAmbiguous', { onAmbiguous: 'retry' }],
    ['retries', { retries: 5 }],
    ['prompt', { prompt: ' ' }],
  ])('with a bad `%s` is refused by name: %o', (name, more) => {
    const error = refusal(() => call(more));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no', stage: 'prepare' });
    expect(error.message).toContain(`\`${name}\``);
    expect(error.message).not.toContain(prompt);
  });

  test.each([undefined, null, 7])('%j in place of the options is a typed error', (options) => {
    expect(refusal(() => parseCall(options as never)).code).toBe('invalid_request');
  });

  test('has its defaults', () => {
    const parsed = call();
    expect(parsed).toMatchObject({ n: 1, timeout: 120_000, policy: { onAmbiguous: 'reconcile' }, route: [model] });
    expect(parsed.intentId).toMatch(/^[0-9a-f-]{36}$/);
    expect(parsed.ledger).toBeUndefined();
  });

  test('an endless timeout is one that never fires', () => expect(call({ timeout: Infinity }).timeout).toBe(Infinity));

  test('takes what is given', () => {
    const ledger = createMemoryLedger();
    const { signal } = new AbortController();
    const onEvent = (): void => undefined;
    const route = [model, other('a/b')];
    const parsed = call({
      model: route,
      ledger,
      signal,
      onEvent,
      n: 100,
      intentId: 'a-1',
      timeout: 5,
      onAmbiguous: 'proceed',
    });
    expect(parsed).toMatchObject({ route, n: 100, intentId: 'a-1', timeout: 5, policy: { onAmbiguous: 'proceed' } });
    expect([parsed.ledger, parsed.signal, parsed.onEvent]).toEqual([ledger, signal, onEvent]);
  });

  test('`undefined` means: not given', () => {
    const { timeout, n } = call({ timeout: undefined, n: undefined, intentId: undefined, signal: undefined });
    expect([timeout, n]).toEqual([120_000, 1]);
  });

  test('seeds that would run out of range are refused before the first picture is paid', () => {
    expect(refusal(() => call({ seed: 2_147_483_647, n: 2 })).code).toBe('invalid_request');
    expect(call({ seed: 2_147_483_646, n: 2 }).n).toBe(2);
  });
});

describe('a registry', () => {
  const make = (config: unknown) => createRegistry(config as RegistryConfig, [fake, other]);

  test.each<[unknown, string, RegExp]>([
    [{ models: { hero: 'fake' } }, 'models.hero', /"provider:model"/],
    [{ models: { hero: '' } }, 'models.hero', /"provider:model"/],
    [{ models: { hero: [] } }, 'models.hero', /"provider:model"|list|length/],
    [{ models: { hero: ['fake:x/y', 7] } }, 'models.hero', /"provider:model"/],
    [{ models: { hero: null } }, 'models.hero', /"provider:model"/],
    [{ models: 'fake:x' }, 'models', /object/i],
    [{ models: ['fake:x/y'] }, 'models', /object/i],
    [{ modles: {} }, 'modles', /no setting/],
    ['config', 'config', /object/i],
    [null, 'config', /object/i],
  ])('%j is refused with its place and what belongs there', (config, path, words) => {
    const error = refusal(() => make(config));
    expect(error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(error.message).toContain(`\`${path}`);
    expect(error.message).toMatch(words);
  });

  test.each<[unknown, string]>([
    [{ models: { hero: 'nope:x' } }, 'models.hero'],
    [{ models: { hero: ['fake:x/y', 'nope:x'] } }, 'models.hero.1'],
  ])('%j names an unknown provider with its place and the known ones', (config, path) => {
    const error = refusal(() => make(config));
    expect(error).toMatchObject({ code: 'not_found', billed: 'no' });
    expect(error.message).toContain(`\`${path}\``);
    expect(error.message).toContain('"nope"');
    expect(error.message).toContain('fake, other');
  });

  const registry = make({ models: { hero: ['fake:x/y', 'other:a/b'], single: 'other:c/d' } });

  test('answers a name with its route', () => {
    expect(registry('hero')).toEqual([fake('x/y'), other('a/b')]);
    expect(registry('single')).toEqual([other('c/d')]);
  });

  test('answers "provider:model", with whatever colons the model has', () => {
    expect(registry('fake:native/id:with:colons')).toEqual([fake('native/id:with:colons')]);
  });

  test.each(['nope', 'constructor', '__proto__', ''])('an unknown name %j lists what there is', (name) => {
    const error = refusal(() => registry(name));
    expect(error.code).toBe('not_found');
    expect(error.message).toContain('hero, single');
    expect(error.message).toContain('"provider:model"');
  });

  test('an unknown provider in a reference lists the known ones', () => {
    expect(refusal(() => registry('nope:x')).message).toContain('fake, other');
  });

  test('an empty config has no names, and still takes references', () => {
    expect(refusal(() => make({})('hero')).message).toContain('none');
    expect(make({})('fake:x/y')).toEqual([fake('x/y')]);
  });
});
