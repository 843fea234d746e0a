import type { Adapter, JobSnapshot } from '../../src/contract/adapter.ts';
import type { NativeFields } from '../../src/contract/request.ts';

declare module '@imageport/core' {
  interface KnownHosts {
    fake: NativeFields;
    other: NativeFields;
  }
}

/** The smallest adapter that can be used, for tests that need one and do not care which. */
export function fakeAdapter(more: Partial<Adapter> = {}): Adapter {
  return {
    name: 'fake',
    baseUrl: 'https://fake.example',
    env: { apiKey: 'FAKE_API_KEY', baseUrl: 'FAKE_BASE_URL' },
    families: [],
    generic: { models: [], accepts: {}, fields: 'any', toWire: () => ({}) },
    isNativeId: (id) => id.includes('/'),
    interval: 1,
    retention: 86_400_000,
    authorize: (apiKey) => ({ 'X-Key': apiKey }),
    toSubmit: ({ model, prompt, fields }) => ({ method: 'POST', path: `/${model}`, body: { ...fields, prompt } }),
    toPoll: (id) => ({ method: 'GET', path: `/jobs/${encodeURIComponent(id)}` }),
    parse: (): JobSnapshot => ({ state: 'unrecognised', outputs: [] }),
    probe: { method: 'GET', path: '/me' },
    ...more,
  };
}
