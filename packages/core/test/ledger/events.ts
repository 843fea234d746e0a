import type { Intent, LedgerEvent } from '../../src/ledger/ledger.ts';

export function toIntent(id: string, prompt = `prompt of ${id}`): Intent {
  const request = { prompt, images: [], fit: 'exact', providerOptions: {} } as const;
  return { id, createdAt: Date.now(), request, route: [{ provider: 'wavespeed', modelId: 'seedream-4' }] };
}

export const sending = (attempt: number): LedgerEvent => ({
  ...{ type: 'sending', at: Date.now(), attempt, target: { provider: 'wavespeed', modelId: 'seedream-4' } },
  request: { method: 'POST', path: '/submit', body: { prompt: 'é雪🗻' } },
});
export const accepted = (id: string): LedgerEvent => {
  return { type: 'accepted', at: Date.now(), job: { provider: 'wavespeed', modelId: 'seedream-4', id } };
};
export const settled = (): LedgerEvent => ({
  ...{ type: 'settled', at: Date.now(), outcome: 'completed', billed: 'yes', urls: [], cost: { source: 'unknown' } },
});
export const delivered = (at = Date.now()): LedgerEvent => ({ type: 'delivered', at });
