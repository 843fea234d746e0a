import type { Fault } from '@imageport/emulator';
import { type FaultRow, faultTable, type PlayedFault } from '../../src/testing/index.ts';
import { createWorld, type HostName, hosts } from '../world.ts';
import { type Finding, playAndJudge } from './play.ts';

type Played = readonly [FaultRow, PlayedFault];

/** Every way to play a row of the table, at a host that has it. */
const played = (host: HostName): Played[] =>
  faultTable
    .filter(({ stage, host: only }) => (stage === 'submit' || stage === 'poll') && (only ?? host) === host)
    .flatMap((row) => (row.play ?? []).map((play): Played => [row, play]));

// The table writes faults as plain data; the emulator's own type checks them when they are played.
const toFault = (host: HostName, play: PlayedFault): Fault => ({ host, ...play }) as Fault;

/** Every row of the table at both hosts, as the first and as the last model of a route. */
export async function everyFault(): Promise<Finding> {
  const violations: string[] = [];
  let tried = 0;
  for (const host of hosts) {
    for (const [row, play] of played(host)) {
      for (const place of ['first', 'last'] as const) {
        tried += 1;
        violations.push(
          ...(await playOne(host, [toFault(host, play)], place)).map((each) => `${row.id} ${host} ${place}: ${each}`),
        );
      }
    }
  }
  return { suite: 'every row of the fault table', tried, violations };
}

/** Every fault of a submit with every fault of a look after it, or one pair in `step`. */
export async function everyPair(step: number): Promise<Finding> {
  const violations: string[] = [];
  let tried = 0;
  let pair = 0;
  for (const host of hosts) {
    const submits = played(host).filter(([, play]) => play.on === 'submit');
    const polls = played(host).filter(([, play]) => play.on === 'poll');
    for (const [first, submit] of submits) {
      for (const [second, poll] of polls) {
        pair += 1;
        if (pair % step !== 0) continue;
        tried += 1;
        const faults = [toFault(host, submit), toFault(host, poll)];
        const found = await playOne(host, faults, 'first', { mayMiss: true });
        violations.push(...found.map((each) => `${first.id} then ${second.id} ${host}: ${each}`));
      }
    }
  }
  return { suite: 'every submit fault with every poll fault', tried, violations };
}

async function playOne(
  host: HostName,
  faults: readonly Fault[],
  place: 'first' | 'last',
  { mayMiss = false } = {},
): Promise<string[]> {
  const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';
  const refusal: Fault[] = place === 'last' ? [{ host: other, on: 'submit', status: 402 }] : [];
  const world = createWorld({ faults: [...refusal, ...faults] });
  const pair = [world.model(host), world.model(other)];
  const violations = await playAndJudge(world, [
    // Often enough that every planned look happens.
    { model: place === 'first' ? pair : pair.reverse(), prompt: 'a lighthouse', interval: 2_000 },
  ]);
  const missed = world.emulator.unfired().filter(({ fault, left }) => left >= (fault.times ?? 1));
  return mayMiss
    ? violations
    : [...violations, ...missed.map(({ fault }) => `the fault did not happen: ${JSON.stringify(fault)}`)];
}
