import { ambiguousAction, type FaultRow, gatewayPage, retryAction } from './row.ts';

/** A submit without a status that settles it. */
export const submitFaults: readonly FaultRow[] = [
  {
    id: 'S1',
    stage: 'submit',
    fault: 'connection refused, name not found, no route',
    action: retryAction,
    play: [{ on: 'submit', refuse: true }],
  },
  {
    id: 'S2',
    stage: 'submit',
    fault: 'a certificate that cannot be trusted',
    action: 'fail; no other host, no insecure switch',
  },
  { id: 'S3', stage: 'submit', fault: 'the connection broke before the request was written', action: retryAction },
  {
    id: 'S4',
    stage: 'submit',
    fault: 'aborted or out of time before the request was written',
    action: "fail with billed 'no'",
  },
  {
    id: 'S5',
    stage: 'submit',
    fault: 'the connection broke after the request was written',
    action: ambiguousAction,
    play: [
      { on: 'submit', reset: 'after' },
      { on: 'submit', reset: 'before' },
    ],
  },
  {
    id: 'S6',
    stage: 'submit',
    fault: 'a kept-alive connection that was already dead',
    action: ambiguousAction,
    play: [{ on: 'submit', reset: 'before' }],
  },
  {
    id: 'S7',
    stage: 'submit',
    fault: 'no answer in time, or abort, after the request was written',
    action: `${ambiguousAction}; the intent stays open`,
    play: [
      { on: 'submit', hang: true },
      { on: 'submit', hang: true, accepted: false },
    ],
  },
  {
    id: 'S8',
    stage: 'submit',
    fault: 'a success status without a body',
    action: ambiguousAction,
    play: [
      { on: 'submit', status: 204, body: '', accepted: true },
      { on: 'submit', status: 200, body: '', accepted: true },
    ],
  },
  {
    id: 'S9',
    stage: 'submit',
    fault: 'a success status with a body that is cut, not JSON, or names no job',
    action: `a partial id is confirmed by a poll; else ${ambiguousAction}`,
    play: [
      { on: 'submit', truncate: 12 },
      { on: 'submit', truncate: 95 },
      { on: 'submit', status: 200, body: gatewayPage, accepted: true },
      { on: 'submit', status: 200, body: { ok: true }, accepted: true },
      { on: 'submit', status: 200, body: [], accepted: true },
    ],
  },
  {
    id: 'S10',
    stage: 'submit',
    fault: 'a success status whose body reports another status',
    action: 'treated as that status',
    host: 'wavespeed',
    play: [{ on: 'submit', status: 200, body: { code: 400, message: 'bad size' } }],
  },
  {
    id: 'S11',
    stage: 'submit',
    fault: 'an error response that contains a job id',
    action: 'the id is looked up; if it is our job, go on with it',
    host: 'wavespeed',
    play: [{ on: 'submit', patch: (json: object) => ({ ...json, code: 500, message: 'internal' }) }],
  },
  {
    id: 'S12',
    stage: 'submit',
    fault: 'a replay that reports the old state',
    action: 'fetch the result at once',
    host: 'apiframe',
    play: [{ on: 'submit', patch: (json: object) => ({ ...json, status: 'COMPLETED' }) }],
  },
  {
    id: 'S13',
    stage: 'submit',
    fault: 'a redirect',
    action: 'never followed: the key is not sent elsewhere',
    play: [{ on: 'submit', redirect: 'https://elsewhere.example.com/' }],
  },
  {
    id: 'S13b',
    stage: 'submit',
    fault: 'a redirect that says the work is done (303)',
    action: ambiguousAction,
    play: [{ on: 'submit', status: 303, headers: { location: 'https://elsewhere.example.com/' }, accepted: true }],
  },
];
