/** How long jobs take: the time in milliseconds below which a share (0 to 1) of them ends. */
export type Distribution = (share: number) => number;

export const logNormal =
  (median: number, sigma: number): Distribution =>
  (share) =>
    median * Math.exp(sigma * normalQuantile(share));

/** Some jobs by one distribution, the others by a second that is slower throughout, as after a cold start. */
export const mixed =
  (share: number, fast: Distribution, slow: Distribution): Distribution =>
  (at) =>
    at < share ? fast(at / share) : slow((at - share) / (1 - share));

/** `count` jobs that stand for the distribution exactly, shortest first. */
export const stratified = (distribution: Distribution, count: number): number[] =>
  Array.from({ length: count }, (_, index) => distribution((index + 0.5) / count));

/** `count` jobs as chance brings them. */
export const sampled = (distribution: Distribution, count: number, random: () => number): number[] =>
  Array.from({ length: count }, () => distribution(random()));

/** The same numbers in (0, 1) for the same seed, everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Inverse of the normal distribution by Newton's method on `normalShare`. */
export function normalQuantile(share: number): number {
  let at = 0;
  for (let round = 0; round < 60; round += 1) {
    const off = normalShare(at) - share;
    if (Math.abs(off) < 1e-13) break;
    const density = Math.exp(-0.5 * at * at) / Math.sqrt(2 * Math.PI);
    at -= Math.max(-1, Math.min(1, off / density));
  }
  return at;
}

/** The share of a normal distribution below `at`: the series near the middle, the continued fraction in the tails. */
export function normalShare(at: number): number {
  const density = Math.exp(-0.5 * at * at) / Math.sqrt(2 * Math.PI);
  const far = Math.abs(at);
  if (far < 4) {
    let term = at;
    let sum = at;
    for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
      term *= (at * at) / odd;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  let fraction = 0;
  for (let depth = 60; depth > 0; depth -= 1) fraction = depth / (far + fraction);
  const tail = density / (far + fraction);
  return at > 0 ? 1 - tail : tail;
}
