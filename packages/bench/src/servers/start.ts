import type { Fault } from '../fault-table.ts';
import { startEmulatorServer } from './emulator-server.ts';
import { falQueueProtocol, falRunProtocol } from './fal.ts';
import { openaiProtocol } from './openai.ts';
import type { Protocol } from './protocol.ts';
import { replicateProtocol } from './replicate.ts';
import { startRivalServer } from './rival-server.ts';
import type { TestServer } from './test-server.ts';

export type ServiceName = 'wavespeed' | 'apiframe' | 'replicate' | 'fal queue' | 'fal.run' | 'openai';

const protocols: Record<Exclude<ServiceName, 'wavespeed' | 'apiframe'>, Protocol> = {
  replicate: replicateProtocol,
  'fal queue': falQueueProtocol,
  'fal.run': falRunProtocol,
  openai: openaiProtocol,
};

/** Nothing ever listens there: the port is privileged and given to nobody. */
export const deadPort = 'http://127.0.0.1:2';

export async function startServer(service: ServiceName, fault?: Fault): Promise<TestServer> {
  const isEmulated = service === 'wavespeed' || service === 'apiframe';
  const server = await (isEmulated ? startEmulatorServer(service, fault) : startRivalServer(protocols[service], fault));
  return fault?.how.kind === 'refused' ? { ...server, target: { ...server.target, url: deadPort } } : server;
}
