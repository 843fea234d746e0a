import { openaiCompatibleClient } from '../clients/ai-sdk.ts';
import type { Client } from '../clients/client.ts';
import { clients } from '../clients/index.ts';
import { floors } from './floor.ts';
import { handlers } from './handlers.ts';
import { rawFetch, rawKy } from './raw.ts';
import { stubbedClients } from './stubbed.ts';

const all: readonly Client[] = [
  ...clients,
  openaiCompatibleClient,
  ...rawFetch,
  rawKy,
  ...floors,
  ...stubbedClients,
  ...handlers,
];

export function findClient(name: string): Client {
  const client = all.find((each) => each.name === name);
  if (!client) throw new Error(`no client ${name}`);
  return client;
}
