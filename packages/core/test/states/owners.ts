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
  const { maker } = wire;
  if (maker === intent) return;
  const isAlike = maker !== outsider && machine.isNear(maker, intent) && wordsAlike(wire, intent, world);
  if (proof !== 'human' && !(proof === 'count' && isAlike)) {
    world.bad = "got the picture of another's submit, which is not interchangeable";
    return;
  }
  // Equal jobs by count: each intent has the other's in its books.
  const given = world.wires.findIndex((each) => each.intent === intent && each.token === send);
  const mine = world.wires[given];
  if (maker === outsider || mine?.maker !== intent) return;
  wire.maker = intent;
  mine.maker = maker;
  if (proof !== 'human') world.swapped[intent] = given;
}

const wordsAlike = ({ words }: Wire, intent: number, world: World): boolean =>
  world.wires.some((each) => each.intent === intent && each.words === words);
