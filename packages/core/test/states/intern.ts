import type { Ref, World } from './types.ts';

/** Keeps one copy of every value that occurs, so that a state of the world is a short row of numbers. */
export function createInterner() {
  const refs = new Map<string, Ref<unknown>>();
  const byId: Ref<unknown>[] = [];
  const byValue = new WeakMap<object, Ref<unknown>>();
  return {
    intern<Value extends object>(value: Value): Ref<Value> {
      const same = byValue.get(value);
      if (same) return same as Ref<Value>;
      const text = JSON.stringify(value);
      const known = refs.get(text) as Ref<Value> | undefined;
      const ref = known ?? { id: byId.length, value };
      byValue.set(value, ref);
      if (known) return known;
      refs.set(text, ref);
      byId.push(ref);
      return ref;
    },
    at: <Value>(id: number): Ref<Value> => byId[id] as Ref<Value>,
  };
}

export type Interner = ReturnType<typeof createInterner>;

/** Remembers what a pure function of one text answered. */
export function memo<Result>(): (key: string, make: () => Result) => Result {
  const known = new Map<string, Result>();
  return (key, make) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    known.set(key, made);
    return made;
  };
}

const ids = (refs: readonly Ref<unknown>[]): string => {
  let text = '';
  for (const { id } of refs) text += `${id}.`;
  return text;
};

const bit = (flag: boolean): string => (flag ? '1' : '0');

/** Equal for equal states. */
export function keyOf(world: World): string {
  let key = `${ids(world.records)}|${world.tick},${world.era},${world.claims},${world.crashes},${world.aborts},${world.deadlines},${world.humans},${world.lostReplies},${world.rewrites}|${world.allowed}|${world.free}|${world.swapped}|${world.got}|`;
  for (const { owner, fence, held } of world.holds) key += `${owner},${fence}${bit(held)};`;
  for (const each of world.processes) {
    key += `/${bit(each.on)}${bit(each.lost)}${bit(each.replayed)}${bit(each.refunds)}${bit(each.expired)}${bit(each.late)}${bit(each.aborted)}${bit(each.undoing)},${each.run},${each.fence},${each.length},${each.state.id},${ids(each.todo)},${ids(each.behind)},${each.candidates},${each.before},${each.listed}`;
  }
  for (const each of world.wires) {
    key += `~${each.intent},${each.model},${each.submit},${each.listener},${each.answer},${each.job},${each.made},${each.listed}${bit(each.reverses)},${each.maker},${each.mark},${each.key},${each.token},${each.era}`;
  }
  return key;
}

export function copy(world: World): World {
  return {
    ...world,
    records: world.records.slice(),
    holds: world.holds.map((each) => ({ ...each })),
    processes: world.processes.map((each) => ({ ...each })),
    wires: world.wires.map((each) => ({ ...each })),
    allowed: world.allowed.slice(),
    free: world.free.slice(),
    swapped: world.swapped.slice(),
    got: world.got.slice(),
  };
}
