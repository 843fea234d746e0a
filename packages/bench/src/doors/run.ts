import { createApiframe } from '@imageport/apiframe';
import type { ProviderOptions } from '@imageport/core';
import { createWavespeed } from '@imageport/wavespeed';
import { startEmulatorServer } from '../servers/emulator-server.ts';
import { deadPort } from '../servers/start.ts';
import { type CallerKind, callers } from './callers.ts';
import { type Way, ways } from './door.ts';
import { doorTimeout, meant, type Situation, situations } from './situation.ts';

export const hosts = ['wavespeed', 'apiframe'] as const;
type HostName = (typeof hosts)[number];

export interface DoorCell {
  readonly situation: string;
  readonly caller: string;
  readonly way: Way;
  readonly host: HostName;
  /** Submits that the host accepted: each would be charged. */
  readonly paid: number;
  /** How each request of the person ended. */
  readonly outcomes: readonly string[];
}

interface Case {
  readonly situation: Situation;
  readonly kind: CallerKind;
  readonly way: Way;
  readonly host: HostName;
}

/** Nobody else submits with the key of a door: then a job in the host's list can be proved to be its own. */
const creators = {
  wavespeed: (options: ProviderOptions) => createWavespeed({ ...options, exclusive: true }),
  apiframe: createApiframe,
};

/** Every situation, with every client, through a door that knows repeats and through one that does not. */
export async function runDoors(concurrency: number, chosen: readonly Situation[] = situations): Promise<DoorCell[]> {
  const cases = chosen.flatMap((situation) =>
    callers.flatMap((kind) => ways.flatMap((way) => hosts.map((host): Case => ({ situation, kind, way, host })))),
  );
  const cells: DoorCell[] = [];
  const queue = [...cases.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) cells[next[0]] = await playDoor(next[1]);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return cells;
}

/** One person, one door, one host. */
export async function playDoor({ situation, kind, way, host }: Case): Promise<DoorCell> {
  const { fault, generationTime, clientTimeout, doorTimeout: timeout = doorTimeout, requests } = situation;
  const server = await startEmulatorServer(host, fault, generationTime);
  const baseUrl = fault?.how.kind === 'refused' ? deadPort : server.target.url;
  const provider = creators[host]({ apiKey: server.target.apiKey, baseUrl });
  const caller = await kind.open({ way, behind: { model: provider('seedream-4'), timeout } });
  try {
    const ask = (within?: number): Promise<string> =>
      caller.ask(within).then(describe, (error: unknown) => `fails: ${nameOf(error)}`);
    const first = ask(clientTimeout);
    if (requests !== 'at once') await first;
    const isAsked = requests === 'after a failure' ? (await first) !== 'ok' : requests !== undefined;
    const outcomes = await Promise.all(isAsked ? [first, ask()] : [first]);
    await caller.close();
    const names = { situation: situation.id, caller: kind.name, way, host };
    return { ...names, paid: server.accepted().length, outcomes };
  } finally {
    await server.close();
  }
}

const describe = (pictures: number): string => (pictures > 0 ? 'ok' : 'no picture');

function nameOf(error: unknown): string {
  const { status, name } = error as { status?: number; name?: string };
  return status === undefined ? (name ?? 'Error') : String(status);
}

const situationOf = ({ situation: id }: DoorCell): Situation => {
  const found = situations.find((each) => each.id === id);
  if (!found) throw new Error(`no situation ${id}`);
  return found;
};

/** What our doors must never do, whatever the machine is busy with: pay more often than was meant. */
export const findDoorDefects = (cells: readonly DoorCell[]): string[] =>
  cells
    .filter((cell) => cell.way === 'with' && cell.paid > meant(situationOf(cell)))
    .map((cell) => `${describeCell(cell)}, meant were ${meant(situationOf(cell))}`);

/** What must not happen on a quiet machine: no picture although the host made every one that was asked for. */
export const findEmptyHanded = (cells: readonly DoorCell[]): string[] =>
  cells
    .filter((cell) => {
      const { fault, clientTimeout, requests } = situationOf(cell);
      const gaveUp = clientTimeout !== undefined && requests === undefined;
      return cell.way === 'with' && !fault && !gaveUp && cell.outcomes.at(-1) !== 'ok';
    })
    .map(describeCell);

const describeCell = ({ caller, host, situation, paid, outcomes }: DoorCell): string =>
  `${caller} at ${host}, ${situation}: ${paid} paid submits (${outcomes.join(', ')})`;
