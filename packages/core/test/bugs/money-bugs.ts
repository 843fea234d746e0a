import {
  adoption,
  attempt,
  bug,
  classify,
  enter,
  log,
  memory,
  next,
  reading,
  search,
  src,
  state,
  writing,
} from './bug.ts';

/** Each of these pays twice, or loses what was paid. */
export const moneyBugs = [
  // Paying twice
  bug('treat 5xx as not accepted', 'core/test/parts/classify.test.ts', [
    classify,
    "{ rows: ['S8', 'S9', 'S24', 'S25'], ...ambiguous }",
    "{ rows: ['S8', 'S9', 'S24', 'S25'], ...notAccepted, code: 'unavailable' }",
  ]),
  bug('treat 408 as refused', 'core/test/parts/classify.test.ts', [
    classify,
    "{ rows: ['S18'], on: [408], ...ambiguous }",
    "{ rows: ['S18'], on: [408], ...refused, code: 'unavailable' }",
  ]),
  bug('take silence for not accepted', 'core/test/found/planted-bugs.test.ts', [
    classify,
    "answer: 'no', ...ambiguous",
    "answer: 'no', ...notAccepted, code: 'unavailable'",
  ]),
  bug(
    'repeat without a key',
    'core/test/found/planted-bugs.test.ts',
    [next, 'now.keyIsGood && !isLookup', '!isLookup'],
    [writing, 'sending.key === undefined ? isReplay : !keyIsGood', 'sending.key !== undefined && !keyIsGood'],
  ),
  bug('send under a key that the host has forgotten', 'core/test/ledger-order.test.ts', [
    writing,
    'age < idempotency.lifetime - keyMargin',
    'age < Infinity',
  ]),
  bug('use a key to the last moment of its life', 'core/test/parts/decisions.test.ts', [
    writing,
    'idempotency.lifetime - keyMargin',
    'idempotency.lifetime',
  ]),
  bug('a new key per repeat', 'core/test/ledger-order.test.ts', [
    src('host/host.ts'),
    'headers[idempotency.header] = idempotencyKey;',
    'headers[idempotency.header] = idempotencyKey + Math.random();',
  ]),
  bug(
    'fall back when unknown',
    'core/test/found/d05-refunds.test.ts',
    [next, "(billed === 'unknown' && now.proceed)", "billed === 'unknown'"],
    [next, "ending.code === 'submission_unknown' ? now.proceed :", "ending.code === 'submission_unknown' ? true :"],
  ),
  bug('fall back after a paid failure', 'core/test/found/d05-refunds.test.ts', [
    next,
    "const isUnpaid = billed === 'no' ||",
    'const isUnpaid = true ||',
  ]),
  bug('shop a moderated prompt around', 'core/test/parts/image-error.test.ts', [
    src('errors/error-traits.ts'),
    'fallback: false,\n    http: 422',
    'fallback: true,\n    http: 422',
  ]),
  bug('an intent is not joined', 'core/test/advance.test.ts', [
    memory,
    'if (entry.owner !== owner && (entry.leaseEnd > now || lease <= 0)) return false;',
    '',
  ]),
  bug('an intent in a file is not joined', 'core/test/history/adversary.test.ts', [
    src('node/file-ledger.ts'),
    'if (entry.leaseEnd > now || lease <= 0) return null;',
    '',
  ]),
  bug('the budget is not reserved', 'core/test/budget.test.ts', [
    src('picture/budget.ts'),
    'spent[currency] += amount;\n',
    '',
  ]),
  bug('a refund that is only promised frees the budget', 'core/test/found/planted-bugs.test.ts', [
    attempt,
    "last?.billed === 'no' && !last.refund",
    "last?.billed === 'no'",
  ]),
  bug('pay again for what was delivered', 'core/test/ledger/hedge.test.ts', [
    writing,
    "replayed: phase === 'delivered', sending",
    "replayed: false, sending: phase === 'delivered' ? undefined : sending",
  ]),
  bug('what is asked for with other words joins', 'core/test/engine.test.ts', [
    enter,
    'if (requestKey(before.request) !== requestKey(now.request)) return false;',
    '',
  ]),
  // Losing what was paid
  bug(
    'adopt whatever job is listed',
    'core/test/found/d06-pages.test.ts',
    [adoption, 'isSame(each, send.fact.request) === true).sort(byAge)', 'each.id !== undefined).sort(byAge)'],
    [search, 'listed.filter((each) => verdict(each) === true)', '[...listed]'],
  ),
  bug('adopt a job that is older than the send', 'core/test/found/planted-bugs.test.ts', [
    adoption,
    '=> isBefore(job, oldest - slack)',
    '=> isBefore(job, 0 * oldest)',
  ]),
  bug('no margin for clocks in the window of the list', 'core/test/found/planted-bugs.test.ts', [
    search,
    'oldest + (host.clockOffset() ?? -longestSkew) - clockMargin',
    'oldest',
  ]),
  bug('adopt one of several', 'core/test/found/d04-equal-words.test.ts', [
    adoption,
    'if (jobs.length !== sends.length) return undefined;',
    '',
  ]),
  bug(
    'adopt a job that somebody has',
    'core/test/found/d07-foreign-ids.test.ts',
    [search, 'job.id !== undefined && !(await isOwned(picture, host, job.id))', 'job.id !== undefined'],
    [src('ledger/rules.ts'), 'if (!isOurs) throw', 'if (!owner) throw'],
  ),
  bug('read only the first page of the list', 'core/test/found/d06-pages.test.ts', [
    search,
    'cursor = list.next?.(exchange.body);',
    'cursor = undefined;',
  ]),
  bug('return before accepted is durable', 'core/test/ledger-order.test.ts', [
    log,
    'if (isDurable(fact) && !picture.replayed) return',
    "if (fact.type === 'accepted') void append(picture, fact).catch(() => undefined);\n  else if (isDurable(fact) && !picture.replayed) return",
  ]),
  bug('send before sending is durable', 'core/test/ledger-order.test.ts', [
    log,
    'if (isDurable(fact) && !picture.replayed) return',
    "if (fact.type === 'sending') void append(picture, fact).catch(() => undefined);\n  else if (isDurable(fact) && !picture.replayed) return",
  ]),
  bug('send although the ledger failed', 'core/test/ledger-order.test.ts', [
    writing,
    "if (fact.type === 'sending' || ",
    'if (',
  ]),
  bug('close an intent that timed out', 'core/test/ledger-order.test.ts', [
    writing,
    "billed !== 'unknown' && !resumable && !lost && !isUndoing",
    '!lost && !isUndoing',
  ]),
  bug('deliver before the caller has saved', 'core/test/ledger-order.test.ts', [
    src('picture/deliver.ts'),
    'await guard(picture, Promise.resolve(frame.deliver(image, context)));',
    'void Promise.resolve(image).then((each) => frame.deliver?.(each, context)).catch(() => undefined);',
  ]),
  bug('close on the disk what nobody has read', 'core/test/found/d12-seven-more.test.ts', [
    src('picture/deliver.ts'),
    '!frame.isManual && isUnread && !picture.replayed',
    'false',
  ]),
  bug('a failing poll ends the job', 'core/test/parts/classify.test.ts', [
    classify,
    "if (status === 410) return 'gone';",
    "if (status === 410 || (status ?? 0) >= 500) return 'gone';",
  ]),
  bug('a missing job is given up at once', 'core/test/engine.test.ts', [
    reading,
    'const missingFor = 30_000;',
    'const missingFor = 0;',
  ]),
  bug("take another job's answer", 'core/test/engine.test.ts', [
    reading,
    "if (snapshot?.id === jobId)\n    return [{ type: 'answered'",
    "if (snapshot?.id)\n    return [{ type: 'answered'",
  ]),
  bug('success without a picture', 'core/test/engine.test.ts', [
    next,
    "snapshot?.state === 'completed' && snapshot.outputs.length > 0",
    "snapshot?.state === 'completed'",
  ]),
  bug('drop the fdatasync', 'core/test/history/adversary.test.ts', [
    src('node/journal.ts'),
    'await state.file.datasync();',
    '',
  ]),
  bug('a line that was refused stays in the file', 'core/test/ledger/blobs.test.ts', [
    src('node/journal.ts'),
    'await file.truncate(end);',
    '',
  ]),
  bug('write into a file that was taken away', 'core/test/found/d11-ledger-file.test.ts', [
    src('node/journal.ts'),
    '!found || found.ino !== own.ino || found.dev !== own.dev',
    'false',
  ]),
  bug('take the lock of whoever lives', 'core/test/ledger/lock.test.ts', [
    src('node/lock-file.ts'),
    'if (await isAlive(io, last, me, now)) throw locked(path, last, me, now);',
    '',
  ]),
  // Saying what is not true
  bug('a paid failure is free', 'core/test/found/d05-refunds.test.ts', [
    state,
    "none: 'yes', unknown: 'unknown' }",
    "none: 'no', unknown: 'unknown' }",
  ]),
  bug('a failure of which nothing is known is free', 'core/test/found/d05-refunds.test.ts', [
    state,
    "unknown: 'unknown' } as const",
    "unknown: 'no' } as const",
  ]),
  bug('a timeout is free', 'core/test/route.test.ts', [
    state,
    "if (!hasFailed(job)) return 'yes';",
    "if (!hasFailed(job)) return 'no';",
  ]),
  bug('forget the attempt before the last', 'core/test/engine.test.ts', [
    writing,
    'const billed = billedOf(state);\n  // Whoever holds',
    'const billed = billedOf(state, state.attempts);\n  // Whoever holds',
  ]),
];
