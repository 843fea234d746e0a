import type { Without } from './evils.ts';
import type { HostName } from './notes.ts';
import { createRandom } from './random.ts';

/** What one caller wants. */
export interface Asked {
  readonly id: string;
  readonly process: number;
  readonly prompt: string;
  readonly seed: number | undefined;
  readonly modelId: string;
  readonly route: readonly HostName[];
  readonly n: number;
  readonly kind: 'generate' | 'submit';
  readonly startAt: number;
  readonly timeout: number;
  readonly abort: { readonly effect: number } | { readonly after: number } | undefined;
  readonly deliver: boolean;
  readonly proceed: boolean;
}

/** A process that dies: at which of its writes and requests, when it comes back, and what its clock says then. */
export interface Death {
  readonly process: number;
  readonly effect: number;
  readonly restartAfter: number;
  readonly clockJump: number;
}

/** What chance decides about one history before it begins. */
export interface Plan {
  readonly seed: number;
  readonly ledgers: 'shared' | 'each' | 'file';
  readonly processes: number;
  /** Nobody else submits with this key. */
  readonly exclusive: boolean;
  readonly mischief: number;
  readonly skew: Readonly<Record<HostName, number>>;
  readonly strangers: number;
  readonly tellsInputs: boolean;
  readonly requests: readonly Asked[];
  readonly deaths: readonly Death[];
  /** Resumes between the first calls and the calm: how long before, and by how many at once. */
  readonly rounds: readonly { readonly after: number; readonly atOnce: number; readonly human: boolean }[];
  readonly slowLedger: boolean;
  readonly without: Without;
}

export const seeds = [7, 11] as const;
const minute = 60_000;
const hour = 60 * minute;

/** The plan of a seed. What is left out is drawn all the same, so that the rest stays as it was. */
export const makePlan = (seed: number, without: Without): Plan => leaveOut({ ...drawPlan(seed), without });

function leaveOut({ requests, deaths, rounds, ...plan }: Plan): Plan {
  const { without } = plan;
  const less = (evil: Parameters<Without['has']>[0]): boolean => without.has(evil);
  const several = !less('several ledgers') || plan.ledgers === 'shared';
  return {
    ...plan,
    ...(several ? {} : { ledgers: 'shared' }),
    ...(less('skew') ? { skew: { wavespeed: 0, apiframe: 0 } } : {}),
    ...(less('other jobs') ? { strangers: 0 } : {}),
    ...(less('untold inputs') ? { tellsInputs: true } : {}),
    ...(less('slow ledgers') ? { slowLedger: false } : {}),
    requests: requests.map((request) => ({
      ...request,
      ...(less('equal words') ? { prompt: `${request.prompt} ${request.id}`, n: 1 } : {}),
      ...(less('aborts') ? { abort: undefined } : {}),
    })),
    deaths: (less('deaths') ? [] : deaths).map((death) => ({
      ...death,
      ...(less('set clocks') ? { clockJump: 0 } : {}),
      ...(less('long pauses') ? { restartAfter: Math.min(death.restartAfter, minute) } : {}),
    })),
    rounds: rounds.map((round) => ({
      ...round,
      ...(less('two resumes') ? { atOnce: 1 } : {}),
      ...(less('humans') ? { human: false } : {}),
    })),
  };
}

function drawPlan(seed: number): Omit<Plan, 'without'> {
  const random = createRandom(seed);
  const processes = random.pick([1, 1, 2, 2, 3]);
  const ledgers = random.weighted([
    [5, 'shared'],
    [3, 'each'],
    [2, 'file'],
  ] as const);
  const hosts = random.pick<HostName[]>([['wavespeed'], ['wavespeed'], ['apiframe'], ['wavespeed', 'apiframe']]);
  const modelId = random.pick(['seedream-4', 'seedream-4', 'seedream-3.1']);
  const seedOf = (): number | undefined =>
    modelId === 'seedream-3.1' && random.chance(0.4) ? random.pick([...seeds]) : undefined;
  const calm = random.chance(0.25);
  const requests = Array.from({ length: random.between(1, 4) }, (_, nth): Asked => {
    const route = random.chance(0.3) && hosts.length > 1 ? [...hosts].reverse() : hosts;
    return {
      id: `i${nth}`,
      process: random.between(0, processes - 1),
      prompt: random.chance(0.75) ? 'a lighthouse' : 'a windmill',
      seed: seedOf(),
      modelId,
      route,
      ...random.weighted([
        [25, { kind: 'submit', n: 1 }],
        [66, { kind: 'generate', n: 1 }],
        [9, { kind: 'generate', n: 2 }],
      ] as const),
      startAt: random.pick([0, 0, 10, 1_000, 15_000, 70_000]),
      timeout: random.pick([8_000, 30_000, 90_000, 150_000]),
      abort: random.weighted([
        [8, undefined],
        [1, { effect: random.between(1, 24) }],
        [1, { after: random.between(0, 40_000) }],
      ]),
      deliver: random.chance(0.7),
      proceed: random.chance(0.06),
    };
  });
  const restart = (): Pick<Death, 'restartAfter' | 'clockJump'> =>
    random.weighted([
      [12, { restartAfter: random.between(0, 40_000), clockJump: 0 }],
      [2, { restartAfter: random.between(0, 40_000), clockJump: random.pick([-10, 10]) * minute }],
      [1, { restartAfter: 24.5 * hour, clockJump: 0 }],
      [1, { restartAfter: 24.5 * hour, clockJump: -30 * hour }],
    ]);
  const drawn = Array.from({ length: random.pick([0, 0, 1, 1, 2]) }, (): Death => {
    return { process: random.between(0, processes - 1), effect: random.between(1, 60), ...restart() };
  });
  // After two days and a clock that was set back nobody could tell the age of a key.
  const long = drawn.findIndex(({ restartAfter }) => restartAfter > hour);
  const deaths = drawn.map((death, nth) => {
    return long < 0 || nth === long ? death : { ...death, restartAfter: 30_000, clockJump: 0 };
  });
  const skewOf = (): number => random.pick([0, 0, 0, -10, 10, 4]) * minute;
  return {
    ...{ seed, ledgers, processes, requests, deaths },
    // Who shares a key among several ledgers has not got it alone.
    exclusive: random.chance(0.5) && (ledgers === 'shared' || processes === 1),
    mischief: calm ? 0.15 : random.pick([0.4, 0.7, 0.9]),
    skew: { wavespeed: skewOf(), apiframe: skewOf() },
    strangers: random.weighted([
      [12, 0],
      [4, 15],
      [1, 160],
      [1, 260],
    ]),
    tellsInputs: random.chance(0.85),
    slowLedger: random.chance(0.3),
    rounds: Array.from({ length: random.between(0, 2) }, () => {
      const after = random.pick([0, 5_000, 5 * minute, 20 * minute]);
      return { after, atOnce: random.pick([1, 2, 2]), human: random.chance(0.4) };
    }),
  };
}

/** A plan in a few words. */
export function describePlan({
  ledgers,
  processes,
  exclusive,
  skew,
  strangers,
  deaths,
  mischief,
  requests,
}: Plan): string {
  const minutes = Object.values(skew).map((each) => each / minute);
  const jumps = deaths.flatMap(({ clockJump }) => (clockJump === 0 ? [] : [`clock set by ${clockJump / minute} min`]));
  const seeded = requests.some((request) => request.seed !== undefined) ? ['seeds given'] : [];
  return [
    `${processes} processes, ledger ${ledgers}`,
    ...(exclusive ? ['exclusive'] : []),
    ...(minutes.some((each) => each !== 0) ? [`hosts ahead by ${minutes.join(' and ')} min`] : []),
    ...(strangers > 0 ? [`${strangers} other jobs`] : []),
    ...[...jumps, ...seeded, `mischief ${mischief}`],
  ].join(', ');
}
