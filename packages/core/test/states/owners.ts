import type { LedgerEvent } from '../../src/ledger/facts.ts';
import { type Machine, outsider } from './machine.ts';
import type { Wire, World } from './types.ts';

type Accepted = Extract<LedgerEvent, { type: 'accepted' }>;

/** An intent has got a job: may it, and whose money is it now? */
export function own(machine: Machine, world: World, intent: number, { job: { id }, proof, send }: Accepted): void {
  const at = Number(id.slice(1));
  const wire = world.wires[at];
  if (!wire) {
    world.bad = 'an intent has a job that never was';
    return;
  }
  const others = world.records.some(({ value }, other) => other !== intent && machine.hasJob(value, id));
  if (others) world.bad = 'a job has two owners';
  const { maker, token } = wire;
  const isAlike = maker !== outsider && machine.isNear(maker, intent) && wordsAlike(wire, intent, world);
  if (maker !== intent && proof !== 'human' && !(proof === 'count' && isAlike)) {
    world.bad = "got the picture of another's submit, which is not interchangeable";
    return;
  }
  // Equal jobs by count: the two sends exchange theirs. A send gives the job that it has now, not the one that it made.
  const given = world.wires.findIndex((each) => each.maker === intent && each.token === send);
  const mine = world.wires[given];
  if (maker === outsider || !mine || mine === wire) return;
  Object.assign(wire, { maker: intent, token: send });
  Object.assign(mine, { maker, token });
  keepFree(world, maker, at, given);
  keepFree(world, intent, given, at);
  if (maker !== intent && proof !== 'human') world.swapped[intent] = given;
}

/** A send that was called free stays so, whichever job it has now. */
function keepFree({ free }: World, intent: number, before: number, now: number): void {
  const known = free[intent] ?? 0;
  if ((known & (1 << before)) !== 0) free[intent] = known | (1 << now);
}

const wordsAlike = ({ words }: Wire, intent: number, world: World): boolean =>
  world.wires.some((each) => each.intent === intent && each.words === words);
