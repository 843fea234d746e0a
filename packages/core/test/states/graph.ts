/** From where each state was reached first, and how; and where each leads. */
export function createGraph() {
  const parents: number[] = [];
  const labels: number[] = [];
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const from: number[] = [];
  const to: number[] = [];
  return {
    add(parent: number, name: string): number {
      const number = numbers.get(name) ?? names.push(name) - 1;
      numbers.set(name, number);
      parents.push(parent);
      return labels.push(number) - 1;
    },
    size: (): number => labels.length,
    lead(state: number, target: number): void {
      if (state === target) return;
      from.push(state);
      to.push(target);
    },
    /** A state to which some way leads back, or -1: then every way ends. */
    circle: (): number => findCircle(labels.length, from, to),
    trace(at: number): string[] {
      const steps: string[] = [];
      for (let each = at; each > 0; each = parents[each] as number) steps.push(names[labels[each] as number] as string);
      return steps.reverse();
    },
  };
}

/** Takes away what nothing leads to, again and again: what is left leads in a circle. */
function findCircle(states: number, from: readonly number[], to: readonly number[]): number {
  const begins = new Int32Array(states + 1);
  for (const state of from) begins[state + 1] = (begins[state + 1] ?? 0) + 1;
  for (let at = 0; at < states; at += 1) begins[at + 1] = (begins[at + 1] ?? 0) + (begins[at] ?? 0);
  const next = begins.slice();
  const targets = new Int32Array(from.length);
  const waiting = new Int32Array(states);
  for (const [edge, state] of from.entries()) {
    const target = to[edge] as number;
    targets[next[state] as number] = target;
    next[state] = (next[state] as number) + 1;
    waiting[target] = (waiting[target] as number) + 1;
  }
  const free: number[] = [];
  for (let state = 0; state < states; state += 1) if (waiting[state] === 0) free.push(state);
  for (let state = free.pop(); state !== undefined; state = free.pop()) {
    for (let at = begins[state] as number; at < (begins[state + 1] as number); at += 1) {
      const target = targets[at] as number;
      waiting[target] = (waiting[target] as number) - 1;
      if (waiting[target] === 0) free.push(target);
    }
  }
  return waiting.findIndex((each) => each > 0);
}
