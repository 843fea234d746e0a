import { ambiguousAction, type FaultRow, retryAction } from './row.ts';

/** A submit that was answered by a status. */
export const statusFaults: readonly FaultRow[] = [
  {
    id: 'S14',
    stage: 'submit',
    fault: 'the request is refused (400, 413, 415)',
    action: 'fail; it would be as bad elsewhere',
    play: [400, 413, 415].map((status) => ({ on: 'submit', status })),
  },
  {
    id: 'S15',
    stage: 'submit',
    fault: 'the key is refused (401, 403)',
    action: 'fall back, else fail',
    play: [401, 403].map((status) => ({ on: 'submit', status })),
  },
  {
    id: 'S16',
    stage: 'submit',
    fault: 'no credit (402)',
    action: 'fall back, else fail',
    play: [{ on: 'submit', status: 402 }],
  },
  {
    id: 'S17',
    stage: 'submit',
    fault: 'the model is unknown (404)',
    action: 'fall back, else fail',
    play: [{ on: 'submit', status: 404 }],
  },
  {
    id: 'S18',
    stage: 'submit',
    fault: '408 after the request was written',
    action: ambiguousAction,
    play: [
      { on: 'submit', status: 408 },
      { on: 'submit', status: 408, accepted: true },
    ],
  },
  {
    id: 'S19',
    stage: 'submit',
    fault: '409: the same key is in work',
    action: 'wait, then the same key again',
    host: 'apiframe',
    play: [{ on: 'submit', status: 409, accepted: true }],
  },
  {
    id: 'S20',
    stage: 'submit',
    fault: '422 for a key: it stands for another body',
    action: 'stop; the intent stays open',
    host: 'apiframe',
    play: [{ on: 'submit', status: 422, times: 4 }],
  },
  {
    id: 'S21',
    stage: 'submit',
    fault: 'wrong connection (421) or too early (425)',
    action: retryAction,
    play: [421, 425].map((status) => ({ on: 'submit', status })),
  },
  {
    id: 'S22',
    stage: 'submit',
    fault: 'slow down (429), with or without a time',
    action: `${retryAction}; the host's time is obeyed up to 120 s`,
    play: [
      { on: 'submit', status: 429 },
      { on: 'submit', status: 429, headers: { 'retry-after': '3' } },
    ],
  },
  {
    id: 'S23',
    stage: 'submit',
    fault: 'a Retry-After that is no time, past, or absurd',
    action: 'nonsense is no wish; an absurd one ends the attempt',
    play: ['-1', 'NaN', '99999999', 'Wed, 21 Oct 2015 07:28:00 GMT', '1e9', '2, 3'].map((wait) => ({
      on: 'submit',
      status: 429,
      headers: { 'retry-after': wait },
    })),
  },
  {
    id: 'S24',
    stage: 'submit',
    fault: '500, 502, 504, as JSON or as a page',
    action: ambiguousAction,
    play: [
      { on: 'submit', status: 500 },
      { on: 'submit', status: 502, accepted: true },
      { on: 'submit', status: 504, accepted: true },
      { on: 'submit', html: true, accepted: true },
    ],
  },
  {
    id: 'S25',
    stage: 'submit',
    fault: '503',
    action: ambiguousAction,
    play: [
      { on: 'submit', status: 503 },
      { on: 'submit', status: 503, accepted: true },
    ],
  },
  { id: 'S26', stage: 'submit', fault: 'an answer that is not HTTP', action: ambiguousAction },
  {
    id: 'S27',
    stage: 'submit',
    fault: 'a body that drips, stalls, inflates or never ends',
    action: `stop at the limit, then ${ambiguousAction}`,
    play: [
      { on: 'submit', stall: true },
      { on: 'submit', endless: true },
      { on: 'submit', bomb: 50_000_000 },
      { on: 'submit', drip: { bytes: 1, every: 400 } },
    ],
  },
];
