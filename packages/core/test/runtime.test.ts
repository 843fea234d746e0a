import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRuntime, oldestNode, outdatedNode, type RuntimeScope } from '../src/runtime.ts';

const node = (version: string): RuntimeScope => ({ process: { versions: { node: version } } });

test.each(['0.12.18', '18.20.8', '20.20.2', '21.7.3'])('Node %s is too old', (version) => {
  expect(outdatedNode(node(version))).toBe(version);
});

test.each(['22.0.0', '22.0.0-nightly', '24.21.0', '100.1.0'])('Node %s will do', (version) => {
  expect(outdatedNode(node(version))).toBeUndefined();
});

const old = { node: '20.11.0' };

test.each<[string, RuntimeScope]>([
  ['Bun', { process: { versions: { ...old, bun: '1.1.0' } } }],
  ['Deno', { process: { versions: { ...old, deno: '2.0.0' } }, Deno: {} }],
  ['a Cloudflare worker', { process: { versions: old }, navigator: { userAgent: 'Cloudflare-Workers' } }],
  ['a browser', { navigator: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' } }],
  ['a browser with a `process` of its bundler', { process: { versions: {} } }],
  ['a browser with less than that', { process: {} }],
  ['an edge runtime', {}],
  ['a runtime that gives no version', { process: { versions: { node: '' } } }],
])('%s is not taken for an old Node', (_, scope) => {
  expect(outdatedNode(scope)).toBeUndefined();
});

test('the Node of this run will do', () => {
  expect(checkRuntime).not.toThrow();
});

describe('engines', () => {
  const root = join(import.meta.dirname, '../../..');
  const manifests = globSync('packages/*/package.json', { cwd: root })
    .map((path) => JSON.parse(readFileSync(join(root, path), 'utf8')))
    .filter((manifest) => !manifest.private);

  test.each(manifests)('$name asks for what the check asks for', ({ engines }) => {
    expect(engines).toEqual({ node: `>=${oldestNode}` });
  });
});
