import {
  adoption,
  attempt,
  bug,
  owners,
  prepare,
  reading,
  reducer,
  rules,
  search,
  src,
  state,
  writing,
} from './bug.ts';

/** The rules of the engine (docs/decisions/0018 and 0020), each taken out: 1 to 6. */
export const ruleBugs = [
  bug('1: a refused repeat ends the first send too', 'core/test/found/d10-clocks.test.ts', [
    reducer,
    'send.token === target && !send.end',
    '!send.end',
  ]),
  bug('1: an open send costs nothing', 'core/test/advance.test.ts', [
    state,
    "return open || jobs.includes('unknown')",
    "return jobs.includes('unknown')",
  ]),
  bug('1: a caller that lost its lease says no', 'core/test/hedge.test.ts', [
    writing,
    "return billed === 'no' && lost ? 'unknown' : billed;",
    'return billed;',
  ]),
  bug('1: a caller whose lease has run out says no', 'core/test/found/mutants.test.ts', [
    src('picture/project.ts'),
    'lost: lost || performance.now() > leaseEnd',
    'lost',
  ]),
  bug('1: no is said before the ledger has confirmed it', 'core/test/found/mutants.test.ts', [
    src('picture/end.ts'),
    'const error = picture.lost ? errorOf(picture, ending) : told;',
    'const error = told;',
  ]),
  bug('2: a job can have two owners', 'core/test/history/adversary.test.ts', [
    rules,
    'if (!isOurs) throw',
    'if (!owner) throw',
  ]),
  bug('2: a job that is taken counts as ours', 'core/test/found/d07-foreign-ids.test.ts', [
    writing,
    "(reason !== 'job_taken' && fact.proof !== 'count')",
    "fact.proof !== 'count'",
  ]),
  bug('2: owners are forgotten with their intents', 'core/test/ledger/compaction.test.ts', [
    owners,
    '7 * 24 * 60 * 60 * 1000',
    '0',
  ]),
  bug('3: one mark for every send', 'core/test/found/d04-equal-words.test.ts', [
    prepare,
    'crypto.getRandomValues(new Uint32Array(1)).map((n) => n >>> 1)[0] ?? 0',
    '7',
  ]),
  bug('3: a mark that several carry is proof', 'core/test/parts/decisions.test.ts', [
    adoption,
    'if (job && others.length === 0)',
    'if (job && others)',
  ]),
  bug('3: count without exclusive', 'core/test/engine.test.ts', [
    search,
    'plain && host.exclusive && offset',
    'plain && offset',
  ]),
  bug('3: count without knowing the clock of the host', 'core/test/found/mutants.test.ts', [
    search,
    'plain && host.exclusive && offset !== undefined',
    'plain && host.exclusive',
  ]),
  bug('3: more jobs than sends will do', 'core/test/found/d04-equal-words.test.ts', [
    adoption,
    'jobs.length !== sends.length',
    'jobs.length < sends.length',
  ]),
  bug('3: fewer jobs than sends will do', 'core/test/found/d04-equal-words.test.ts', [
    adoption,
    'jobs.length !== sends.length',
    'jobs.length > sends.length',
  ]),
  bug('3: sends declared absent do not count', 'core/test/parts/decisions.test.ts', [
    adoption,
    'rivals.filter(({ end }) => !end)',
    'rivals.filter(({ end, absent }) => !end && !absent)',
  ]),
  bug('3: only the own send counts', 'core/test/found/d04-equal-words.test.ts', [
    adoption,
    'rivals.filter(({ end }) => !end)',
    'rivals.filter(({ token }) => token === send.token)',
  ]),
  bug('3: jobs count from the own send only', 'core/test/parts/decisions.test.ts', [
    adoption,
    '[plain, ...rivals]',
    '[plain]',
  ]),
  bug('3: a job that was taken by count proves whose it is', 'core/test/parts/decisions.test.ts', [
    reducer,
    "proof === 'count' || proof === 'human' ? 'counted' : 'answered'",
    "'answered'",
  ]),
  bug('3: sends are read before the list', 'core/test/found/mutants.test.ts', [
    search,
    'takeByCount(plain, recent, await readRivals(picture, plain), list.isSame)',
    'takeByCount(plain, recent, before, list.isSame)',
  ]),
  bug('3: no candidates are told', 'core/test/found/d04-equal-words.test.ts', [
    search,
    'picture.candidates = [...recent, ...perhaps]',
    'picture.candidates = [...recent.slice(recent.length)]',
  ]),
  bug('3: a parked intent that is resumed is not searched again', 'core/test/ledger-order.test.ts', [
    reducer,
    "case 'resumed':\n      return begun(state, fact.model);",
    "case 'resumed':\n      return { ...state, model: fact.model };",
  ]),
  bug('3: a list without inputs says nothing', 'core/test/found/d04-equal-words.test.ts', [
    search,
    'const mostPolled = 50;',
    'const mostPolled = 0;',
  ]),
  bug('3: pages without end', 'core/test/parts/decisions.test.ts', [adoption, 'page < mostPages && cursor', 'cursor']),
  bug('4: an id in an error is believed', 'core/test/found/d07-foreign-ids.test.ts', [
    reading,
    'hasJob: isSuccess && snapshot?.id !== undefined',
    'hasJob: snapshot?.id !== undefined',
  ]),
  bug('4: an id of other words is believed', 'core/test/parts/decisions.test.ts', [
    adoption,
    "return isSame?.(snapshot, send.fact.request) === false ? 'gone' : 'ours';",
    "return isSame && 'ours';",
  ]),
  bug('5: a failure is believed at once', 'core/test/found/d08-status-reversal.test.ts', [
    state,
    'failures > 1 &&',
    'failures > 0 &&',
  ]),
  bug('5: a failure that heals is one all the same', 'core/test/parts/decisions.test.ts', [
    reducer,
    "failures: snapshot.state === 'failed' ? job.failures + 1 : 0",
    "failures: snapshot.state === 'failed' ? job.failures + 1 : job.failures",
  ]),
  bug('5: nobody looks for a refund', 'core/test/history/adversary.test.ts', [
    state,
    "settled?.refund === 'pending'",
    'settled?.refund !== settled?.refund',
  ]),
  bug('5: a look for a refund sends anew', 'core/test/history/history.test.ts', [
    src('picture/step.ts'),
    'looksOnly: picture.refunds',
    'looksOnly: false',
  ]),
  bug('6: a failure without a cost is refunded', 'apiframe/test/parse.test.ts', [
    'packages/apiframe/src/parse.ts',
    "creditCost === undefined ? 'unknown' :",
    "creditCost === undefined ? 'done' :",
  ]),
  bug('6: deleted and cancelled are refunded', 'wavespeed/test/parse.test.ts', [
    'packages/wavespeed/src/parse.ts',
    "['failed', 'timeout'].includes",
    "['failed', 'timeout', 'deleted', 'cancelled'].includes",
  ]),
  bug('6: a refund is pending for ever', 'core/test/found/mutants.test.ts', [
    attempt,
    "return status !== 200 || adapter.refunds.parse(body, job.id) !== 'done';",
    "return status !== undefined || adapter.refunds.parse(body, job.id) !== 'done';",
  ]),
];
