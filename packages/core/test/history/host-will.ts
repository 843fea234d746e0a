import type { Without } from './evils.ts';
import type { Random } from './random.ts';

/** What becomes of a submit, and what its sender hears. Wherever the documents are silent, anything may happen. */
export interface SubmitWill {
  readonly accept: 'now' | 'never' | 'late';
  readonly answer:
    | 'job'
    | 'taken job'
    | 'refusal'
    | 'reset'
    | 'hang'
    | 'error'
    | 'error, own id'
    | 'error, taken id'
    | 'error, odd id'
    | 'half'
    | 'page'
    | 'empty';
  readonly status: number;
}

const lost = ['reset', 'reset', 'hang', 'error', 'error', 'error, odd id', 'error, taken id', 'page', 'empty'] as const;
const broken = [500, 502, 503, 504] as const;
const refusals = [400, 401, 402, 403, 404, 422, 429, 429, 402] as const;

/** `hasTaken`: there is a job that the sender's own ledger gives to somebody; only such a one is told as a wrong one. */
export function willOfSubmit(random: Random, mischief: number, hasTaken: boolean, without: Without): SubmitWill {
  const fine: SubmitWill = { accept: 'now', answer: 'job', status: 200 };
  if (!random.chance(mischief)) return fine;
  const accept = random.weighted([
    [34, 'fine'],
    [26, 'now'],
    [12, 'never'],
    [8, 'late'],
    [14, 'refuse'],
    [8, 'taken'],
  ] as const);
  if (accept === 'fine') return fine;
  if (accept === 'refuse') return { accept: 'never', answer: 'refusal', status: random.pick(refusals) };
  const accepts = random.pick(['now', 'never'] as const);
  if (accept === 'taken' && hasTaken && !without.has('taken jobs'))
    return { accept: accepts, answer: 'taken job', status: 200 };
  const answer = allowed(random.pick([...lost]), hasTaken, without);
  const status = random.pick(broken);
  if (accept === 'never' || accept === 'late') return { accept, answer, status };
  const own = random.pick([answer, answer, 'error, own id', 'half'] as const);
  return { accept: 'now', answer: own, status };
}

function allowed(answer: (typeof lost)[number], hasTaken: boolean, without: Without): (typeof lost)[number] {
  if (answer === 'error, taken id' && (!hasTaken || without.has('taken jobs'))) return 'error';
  return answer === 'error, odd id' && without.has('odd ids') ? 'error' : answer;
}

/** What somebody who reads hears instead of the truth. Free of charge, so that it may be asked again. */
export type ReadWill =
  | 'truth'
  | 'reset'
  | 'hang'
  | 'error'
  | 'page'
  | 'slow down'
  | "another's"
  | 'unknown'
  | 'earlier';

export function willOfRead(random: Random, mischief: number): ReadWill {
  if (!random.chance(mischief * 0.25)) return 'truth';
  return random.weighted([
    [6, 'error'],
    [3, 'reset'],
    [1, 'hang'],
    [1, 'page'],
    [2, 'slow down'],
    [3, "another's"],
    [3, 'unknown'],
    [4, 'earlier'],
  ]);
}
