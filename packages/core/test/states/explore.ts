import { check, checkEnd } from './check.ts';
import { steps } from './environment.ts';
import { createGraph } from './graph.ts';
import { keyOf } from './intern.ts';
import { createMachine, firstWorld } from './machine.ts';
import { type Rules, realRules } from './rules.ts';
import { createSeen } from './seen.ts';
import type { Setting, World } from './types.ts';

export interface Violation {
  readonly why: string;
  readonly trace: readonly string[];
}

export interface Walked {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly violations: readonly Violation[];
  /** The limit was reached before everything was seen. */
  readonly cut: boolean;
}

export interface Limits {
  readonly states?: number;
  /** Stop at the first violation. */
  readonly first?: boolean;
}

/** Walks every state of a world, breadth first: the trace of a violation is a shortest one. */
export function explore(setting: Setting, rules: Rules = realRules, limits: Limits = {}): Walked {
  const machine = createMachine(rules, setting);
  const seen = createSeen();
  const graph = createGraph();
  const found = new Map<string, number>();
  const most = limits.states ?? 20_000_000;
  let level: { world: World; at: number }[] = [{ world: firstWorld(machine), at: graph.add(-1, 'begins') }];
  seen.add(keyOf(level[0]?.world as World), 0);
  let [transitions, depth, states] = [0, 0, 1];
  const result = (cut: boolean): Walked => ({
    ...{ states, transitions, depth, cut },
    violations: [...found].map(([why, at]) => ({ why, trace: graph.trace(at) })),
  });
  while (level.length > 0) {
    const above: typeof level = [];
    for (const { world, at } of level) {
      let out = 0;
      for (const [name, after] of steps(machine, world)) {
        transitions += 1;
        const known = seen.add(keyOf(after), graph.size());
        if (known >= 0) {
          graph.lead(at, known);
          if (known !== at) out += 1;
          continue;
        }
        out += 1;
        const reached = graph.add(at, name);
        graph.lead(at, reached);
        const why = check(machine, after);
        if (why === undefined) {
          states += 1;
          above.push({ world: after, at: reached });
        } else {
          if (!found.has(why)) found.set(why, reached);
          if (limits.first) return result(true);
        }
      }
      const stuck = out === 0 ? checkEnd(machine, world) : undefined;
      if (stuck !== undefined && !found.has(stuck)) found.set(stuck, at);
      if (stuck !== undefined && limits.first) return result(true);
    }
    if (above.length > 0) depth += 1;
    if (states > most) return result(true);
    level = above;
  }
  const circle = graph.circle();
  if (circle >= 0) found.set('leads in a circle: nothing ends it', circle);
  return result(false);
}
