/** How long jobs take. */
export interface Distribution {
  readonly name: string;
  /** As a family table would put it. */
  readonly latency: { readonly median: number; readonly sigma: number };
  /** Ten thousand equally likely durations in milliseconds, shortest first. */
  readonly grid: readonly number[];
}

const fineness = 10_000;

/** Equally likely values of the normal distribution, by adding up its density from the left. */
function normal(count: number): number[] {
  const step = 1 / 4096;
  const values: number[] = [];
  let area = 0;
  for (let z = -6; values.length < count && z < 6; z += step) {
    area += (Math.exp(-((z + step / 2) ** 2) / 2) / Math.sqrt(2 * Math.PI)) * step;
    while (values.length < count && area >= (values.length + 0.5) / count) values.push(z + step);
  }
  return values;
}

const normals = normal(fineness);

const logNormalGrid = (median: number, sigma: number): number[] => normals.map((z) => median * Math.exp(sigma * z));

const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;

export const logNormal = (median: number, sigma: number): Distribution => ({
  name: `${seconds(median)}, σ ${sigma}`,
  latency: { median, sigma },
  grid: logNormalGrid(median, sigma),
});

/** Most jobs find the model loaded, the others have to wait until it is. */
function coldStart(): Distribution {
  const warm = takeEvenly(logNormalGrid(3_000, 0.3), 0.85 * fineness);
  const cold = takeEvenly(logNormalGrid(20_000, 0.3), 0.15 * fineness);
  const grid = [...warm, ...cold].sort((a, b) => a - b);
  return { name: 'cold start: 85 % 3 s, 15 % 20 s', latency: { median: 3_000, sigma: 0.3 }, grid };
}

export const distributions: readonly Distribution[] = [
  logNormal(300, 0.3),
  logNormal(300, 0.5),
  logNormal(3_000, 0.3),
  logNormal(3_000, 0.5),
  logNormal(12_000, 0.3),
  logNormal(12_000, 0.5),
  coldStart(),
];

/** A few values that stand for all, in order. */
function takeEvenly(grid: readonly number[], count: number): number[] {
  const place = (index: number): number => Math.floor(((index + 0.5) / count) * grid.length);
  return Array.from({ length: Math.round(count) }, (_, index) => grid[place(index)] ?? 0);
}

/** The same durations for every client: evenly likely, in an order that is mixed but always the same. */
export const stratified = ({ grid }: Distribution, count: number): number[] => shuffle(takeEvenly(grid, count), 1);

/** How progress is bent that is off in the middle of a job and right at its end: powers around 1. */
export const bendsOf = (count: number, sigma: number): number[] =>
  shuffle(
    takeEvenly(normals, count).map((z) => Math.exp(sigma * z)),
    2,
  );

export function shuffle<Item>(items: readonly Item[], seed: number): Item[] {
  const random = createRandom(seed);
  const mixed = [...items];
  for (let left = mixed.length - 1; left > 0; left -= 1) {
    const other = Math.floor(random() * (left + 1));
    [mixed[left], mixed[other]] = [mixed[other] as Item, mixed[left] as Item];
  }
  return mixed;
}

/** Numbers from 0 to 1 that are the same in every run: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
