import { aiSdkClients } from './ai-sdk.ts';
import type { Client } from './client.ts';
import { falClient } from './fal.ts';
import { imageportClients } from './imageport.ts';
import { openaiClient } from './openai.ts';
import { replicateClient } from './replicate.ts';
import { wavespeedClient } from './wavespeed.ts';

/** Every column, ours first. */
export const clients: readonly Client[] = [
  ...imageportClients,
  wavespeedClient,
  replicateClient,
  falClient,
  openaiClient,
  ...aiSdkClients,
];
