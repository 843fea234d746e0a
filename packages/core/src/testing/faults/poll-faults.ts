import { type FaultRow, pollAgain } from './row.ts';

/** A poll of a paid job. It is free, and a poll that fails does not mean that the job failed. */
export const pollFaults: readonly FaultRow[] = [
  {
    id: 'P1',
    stage: 'poll',
    class: 'B',
    fault: 'no answer, 408, 429, 5xx or not JSON',
    action: pollAgain,
    play: [
      { on: 'poll', reset: 'before' },
      { on: 'poll', refuse: true },
      { on: 'poll', hang: true },
      { on: 'poll', stall: true },
      { on: 'poll', truncate: 10 },
      { on: 'poll', html: true },
      ...[408, 429, 500, 502, 503, 504].map((status) => ({ on: 'poll', status, times: 2 }) as const),
    ],
  },
  {
    id: 'P2',
    stage: 'poll',
    class: 'B',
    fault: '404 right after the submit',
    action: 'poll again for 30 s; then return the job with the error',
    play: [{ on: 'poll', status: 404, times: 2 }],
  },
  {
    id: 'P3',
    stage: 'poll',
    class: 'B',
    fault: '410, or 404 long after: the files are gone',
    action: '`result_expired`: paid, and no longer at the host',
    play: [{ on: 'poll', status: 410 }],
  },
  {
    id: 'P4',
    stage: 'poll',
    class: 'B',
    fault: 'the key is refused while the job runs (401, 403)',
    action: 'return the job with the error, to be resumed with a valid key',
    play: [401, 403].map((status) => ({ on: 'poll', status })),
  },
  {
    id: 'P5',
    stage: 'poll',
    class: 'B',
    fault: 'an earlier state after a later one',
    action: pollAgain,
    play: [
      {
        on: 'poll',
        nth: 2,
        patch: (json: { data?: object }) =>
          json.data
            ? { ...json, data: { ...json.data, status: 'created' } }
            : { ...json, status: 'QUEUED', progress: 0 },
      },
    ],
  },
  {
    id: 'P7',
    stage: 'poll',
    class: 'B',
    fault: 'a state that is unknown, missing or of a wrong type',
    action: pollAgain,
    play: ['dreaming', null, 7].map((status) => ({
      on: 'poll',
      patch: (json: { data?: object }) =>
        json.data ? { ...json, data: { ...json.data, status } } : { ...json, status },
    })),
  },
  {
    id: 'P8',
    stage: 'poll',
    class: 'B',
    fault: "another job's id in the answer",
    action: 'ignore it and poll again',
    play: [
      {
        on: 'poll',
        patch: (json: { data?: object }) =>
          json.data
            ? { ...json, data: { ...json.data, id: 'f'.repeat(32) } }
            : { ...json, id: '00000000-0000-4000-8000-000000000000' },
      },
    ],
  },
  {
    id: 'P9',
    stage: 'poll',
    class: 'R',
    fault: 'the job failed and is refunded',
    action: 'fall back, else fail',
    play: [
      { on: 'submit', job: 'fail' },
      { on: 'submit', job: 'cancelled' },
    ],
  },
  {
    id: 'P10',
    stage: 'poll',
    class: 'B',
    fault: 'the job failed and is not refunded',
    action: "fail with billed 'yes'; no other host",
    host: 'apiframe',
    play: [{ on: 'submit', job: 'fail-unrefunded' }],
  },
  {
    id: 'P11',
    stage: 'poll',
    class: 'R',
    fault: 'rejected by content moderation',
    action: 'fail as `moderated`; never retried on another host',
    play: [{ on: 'submit', job: 'moderated' }],
  },
  {
    id: 'P12',
    stage: 'poll',
    class: 'B',
    fault: 'completed without a picture',
    action: 'poll 3 more times, then fail with the job',
    play: [{ on: 'submit', job: 'empty' }],
  },
  {
    id: 'P13',
    stage: 'poll',
    class: 'B',
    fault: 'marked as sensitive',
    action: 'deliver it, flagged',
    host: 'wavespeed',
    play: [{ on: 'submit', job: 'nsfw' }],
  },
  {
    id: 'P14',
    stage: 'poll',
    class: 'B',
    fault: 'never finished',
    action: 'return the job with the error at the deadline',
    play: [{ on: 'submit', job: 'never' }],
  },
  { id: 'P15', stage: 'poll', class: 'B', fault: 'the wall clock jumps', action: 'only the monotonic clock is used' },
];
