import type { Mutant } from './mutant.ts';

const state = 'ledger/state.ts';
const reduce = 'ledger/reduce.ts';
const judge = 'ledger/rules.ts';
const next = 'picture/next.ts';
const adoption = 'picture/adoption.ts';
const writing = 'picture/writing.ts';
const anyJob: Mutant['edits'] = [
  [adoption, 'isSame(each, send.fact.request) === true', 'true'],
  [adoption, 'verdicts.includes(true) ? true', 'verdicts.length > 0 ? true'],
];

export const mutants: readonly Mutant[] = [
  {
    rule: '0 `sending` is durable before the first byte',
    without: 'sending is durable before the first byte',
    world: 'one intent',
  },
  {
    rule: '0 what may have been accepted is never sent anew',
    edits: [[next, "return { do: 'park' };", "return { do: 'submit', model: state.model, after: 0 };"]],
    world: 'one intent',
  },
  {
    rule: '0 silence proves nothing',
    edits: [['errors/classify.ts', "answer: 'no', ...ambiguous", "answer: 'no', ...notAccepted, code: 'unavailable'"]],
    world: 'one intent',
  },
  {
    rule: '0 the next model only after what cost nothing',
    edits: [[next, "const isUnpaid = billed === 'no' ||", "const isUnpaid = billed !== 'no' || billed === 'no' ||"]],
    world: 'one intent, failures, fallback',
  },
  { rule: '0 a repeat uses the same key', without: 'a replay uses the same key', world: 'keyed' },
  {
    rule: '1 `no` needs every send refused: an open one counts',
    edits: [[state, "return open || jobs.includes('unknown')", "return jobs.includes('unknown')"]],
    world: 'one intent',
  },
  {
    rule: '1 `no` needs every send: those declared absent too',
    edits: [[state, 'isOpenSend(send) && isIn', 'isOpenSend(send) && !send.absent && isIn']],
    world: 'one intent, a person settles',
  },
  {
    rule: '1 a refused repeat says nothing about the first send',
    edits: [[reduce, 'send.token === target && !send.end', '!send.end']],
    world: 'keyed',
  },
  {
    rule: '1 `no` only under a valid fence',
    edits: [[writing, "return billed === 'no' && lost ? 'unknown' : billed", 'return billed']],
    world: 'one intent, taken over',
  },
  {
    rule: '1 a process knows when its lease is over',
    without: 'a process knows when its lease is over',
    world: 'one intent, taken over',
  },
  {
    rule: '2 a job has one owner',
    edits: [[judge, 'if (!isOurs) throw', 'if (!owner) throw']],
    world: 'equal words, a person settles',
  },
  {
    rule: '2 delivered intents keep their jobs',
    without: 'delivered intents keep their jobs',
    world: 'equal words, wrong job in an answer',
  },
  {
    rule: '2 an answer that names a taken job is no rejection',
    edits: [
      [
        writing,
        "{ type: 'unanswered', send: fact.send ?? '', ending: { code: 'submission_unknown', detail } }",
        "{ type: 'rejected', at: 0, send: fact.send ?? '', code: 'invalid_response' }",
      ],
    ],
    world: 'equal words, wrong job in an answer',
  },
  { rule: '3 a listed job is ours only in our words', edits: anyJob, world: 'different words' },
  { rule: '3 a mark is new for every send', without: 'each send has a mark of its own', world: 'marks, two ledgers' },
  { rule: '3 where a mark was sent, only a job with this mark', edits: anyJob, world: 'marks, two ledgers' },
  {
    rule: '3 without a mark only with `exclusive`',
    without: 'adoption by count needs `exclusive`',
    world: 'two ledgers',
  },
  {
    rule: '3 exact count: k = m, not k <= m',
    edits: [[adoption, 'jobs.length !== sends.length', 'jobs.length > sends.length']],
    world: 'equal words, reads told apart',
  },
  {
    rule: '3 exact count: any k',
    edits: [[adoption, 'jobs.length !== sends.length', 'jobs.length === 0']],
    world: 'equal words, reads told apart',
  },
  {
    rule: '3 m counts sends in flight and parked',
    edits: [[adoption, 'rivals.filter(({ end }) => !end)', 'rivals.filter(({ token }) => token === send.token)']],
    world: 'equal words, reads told apart',
  },
  {
    rule: '3 m counts sends declared absent',
    edits: [[adoption, 'rivals.filter(({ end }) => !end)', 'rivals.filter(({ end, absent }) => !end && !absent)']],
    world: 'equal words, one settled by a person',
  },
  {
    rule: '3 jobs count from the oldest send of the words',
    edits: [[adoption, '[plain, ...rivals]', '[plain]']],
    world: 'equal words, one settled by a person',
  },
  {
    rule: '3 adopted by count proves nothing',
    edits: [[reduce, "proof === 'count' || proof === 'human' ? 'counted' : 'answered'", "'answered'"]],
    world: 'equal words, one settled by a person',
  },
  {
    rule: '3 made after the send',
    edits: [
      [adoption, 'createdAt !== undefined && Date.parse(createdAt) < moment', 'createdAt === undefined && moment < 0'],
    ],
    world: 'equal words, an old job',
  },
  { rule: "3 by the host's clock", without: "the host's clock dates the list", world: 'equal words, a fast clock' },
  {
    rule: '3 the list first, then owners and m',
    without: 'owners and sends are read after the list',
    world: 'equal words, reads told apart',
  },
  {
    rule: '3 pages until they are older than the send',
    edits: [[adoption, 'page < mostPages &&', 'page < 1 &&']],
    world: 'equal words, pages, odd ids',
  },
  {
    rule: '3 a parked intent that is resumed is searched again',
    edits: [
      [
        reduce,
        "return begun(state, fact.model);\n    case 'declined'",
        "return { ...state, model: fact.model };\n    case 'declined'",
      ],
    ],
    world: 'one intent',
  },
  {
    rule: '4 an id needs proof where the answer was no success',
    edits: [
      [
        'picture/reading.ts',
        'const isSuccess = status !== undefined &&',
        'const isSuccess = snapshot?.id !== undefined || status !== undefined &&',
      ],
    ],
    world: 'one intent, odd ids',
  },
  {
    rule: '5 a failure is looked at twice',
    edits: [[state, 'failures > 1 && settled === undefined', 'failures > 0 && settled === undefined']],
    world: 'one intent, failures, fallback',
  },
  {
    rule: '5 one poll is one failure',
    edits: [
      [
        'picture/reading.ts',
        "[{ type: 'answered', jobId, snapshot }, ...firstFailure(snapshot, last, jobId, times.now)]",
        "[...firstFailure(snapshot, last, jobId, times.now), { type: 'answered', jobId, snapshot }]",
      ],
    ],
    world: 'one intent, failures, fallback',
  },
  {
    rule: '5 a check for a refund sends nothing',
    edits: [[next, '  if (!now.sends) return {', '  if (now.models < 0) return {']],
    world: 'one intent, refunds',
  },
  {
    rule: '6 refunds are not guessed: what the host does not say',
    edits: [[state, "unknown: 'unknown' } as const", "unknown: 'no' } as const"]],
    world: 'one intent, failures, fallback',
  },
  {
    rule: '6 refunds are not guessed: what it says it keeps',
    edits: [[state, "none: 'yes'", "none: 'no'"]],
    world: 'one intent, failures, fallback',
  },
  {
    rule: '7 `absent` closes nothing',
    edits: [[reduce, '{ ...send, absent: true }', "{ ...send, end: 'refused' as const }"]],
    world: 'one intent, a person settles',
  },
  {
    rule: '8 the age of a key counts',
    edits: [
      [writing, 'return age > -clockMargin && age < idempotency.lifetime - keyMargin', 'return age > -clockMargin'],
    ],
    world: 'keyed',
  },
  { rule: '8 ... from its first use', edits: [[writing, 'now - Math.min(...', 'now - Math.max(...']], world: 'keyed' },
  { rule: '8 ... when the bytes leave', without: 'a last check of the key', world: 'keyed' },
  {
    rule: '8 ... of the first send too',
    edits: [[writing, 'sending.key === undefined ? isReplay : !keyIsGood', 'isReplay && !keyIsGood']],
    world: 'keyed, taken over',
  },
  { rule: '9 after an abort nothing is sent', without: 'nothing is sent after an abort', world: 'one intent' },
  {
    rule: '9 what surely did not happen is written down*',
    without: 'unsent is written',
    world: 'one intent',
    survives: 'the intent stays in doubt and is searched for: no money is wrong, but it cannot be used again',
  },
  {
    rule: '10 a stale writer is refused',
    edits: [
      [judge, 'if (!isFresh) throw', 'if (!record) throw'],
      [judge, 'length !== undefined && length !== events.length', 'length === -1'],
    ],
    world: 'one intent, taken over',
  },
  {
    rule: '10 ... by the length alone, with a stale fence',
    edits: [[judge, 'if (!isFresh) throw', 'if (!record) throw']],
    world: 'one intent, taken over',
  },
  {
    rule: '10 a stale fence may write what an answer proved',
    edits: [
      [
        judge,
        "if (send && (event.type === 'accepted' ? isFresh || !isCounted : !send.end)) return 'write'",
        "if (!events) return 'write'",
      ],
    ],
    world: 'one intent, taken over',
    survives: 'the job stays in doubt and is searched for: without it more is unknown, nothing is wrong',
  },
  {
    rule: '10 a lost reply does not write twice',
    edits: [
      [judge, "if (length !== undefined && events[length] && isSame(events[length], event)) return 'written';", ''],
    ],
    world: 'one intent, replies written again',
    survives: 'the expected length refuses the second write, and the call ends without sending',
  },
];
