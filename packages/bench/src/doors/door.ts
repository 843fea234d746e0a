import { createServer, type RequestListener } from 'node:http';
import { createMemoryLedger, createRegistry, type ImageModel, type Registry } from '@imageport/core';
import type { ImageModel as AiModel } from 'ai';
import { toNodeHandler } from 'srvx/node';
import { closeServer, listen } from '../servers/test-server.ts';
import { createPlainHandler, createPlainModel, type Kitchen } from './plain.ts';

/** With what imageport does against repeats, and without: the same calls, each a new one. */
export const ways = ['without', 'with'] as const;
export type Way = (typeof ways)[number];

export interface OpenDoor<Place> {
  readonly place: Place;
  /** Resolves when the door has nothing under way. */
  close(): Promise<void>;
}

const toRegistry = ({ provider, modelId }: ImageModel): Registry =>
  createRegistry({ models: { hero: `${provider.provider}:${modelId}` } }, [provider]);

/** An endpoint as OpenAI's. Resolves with its base URL. */
export async function openEndpoint(way: Way, behind: Kitchen): Promise<OpenDoor<string>> {
  const { handle, idle } = way === 'with' ? await openGateway(behind) : openPlain(behind);
  const server = createServer(toNodeHandler(handle) as RequestListener);
  const url = await listen(server);
  return {
    place: `${url}/v1`,
    async close() {
      await idle();
      await closeServer(server);
    },
  };
}

interface Handler {
  readonly handle: (request: Request) => Promise<Response>;
  idle(): Promise<void>;
}

async function openGateway({ model, timeout }: Kitchen): Promise<Handler> {
  const { createGateway } = await import('@imageport/gateway');
  const gateway = createGateway({
    registry: toRegistry(model),
    models: ['hero'],
    keys: 'open',
    ledger: createMemoryLedger(),
    timeout,
  });
  return { handle: gateway.fetch, idle: gateway.idle };
}

function openPlain(behind: Kitchen): Handler {
  const running = new Set<Promise<unknown>>();
  const handler = createPlainHandler(behind);
  return {
    handle(request) {
      const work = handler(request).finally(() => running.delete(work));
      running.add(work);
      return work;
    },
    idle: async () => void (await Promise.allSettled(running)),
  };
}

/** A model for the AI SDK in the same process. */
export async function openModel(way: Way, { model, timeout }: Kitchen): Promise<OpenDoor<AiModel>> {
  const close = async (): Promise<void> => undefined;
  if (way === 'without') return { place: await createPlainModel({ model, timeout }), close };
  const { createImageport } = await import('@imageport/ai-sdk');
  return { place: createImageport({ registry: toRegistry(model), timeout })('hero'), close };
}
