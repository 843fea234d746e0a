/** A bug that somebody could write: one place of the sources, before and after. */
export interface Bug {
  readonly id: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const core = 'packages/core/src';

/** Each of these breaks one promise. The quick suite must notice every one of them. */
export const bugs: readonly Bug[] = [
  // Paying twice
  {
    id: 'treat 5xx as not accepted',
    file: `${core}/errors/classify.ts`,
    find: "{ rows: ['S8', 'S9', 'S24', 'S25'], ...ambiguous }",
    replace: "{ rows: ['S8', 'S9', 'S24', 'S25'], ...notAccepted, code: 'unavailable' }",
  },
  {
    id: 'treat 408 as refused',
    file: `${core}/errors/classify.ts`,
    find: "{ rows: ['S18'], on: [408], ...ambiguous }",
    replace: "{ rows: ['S18'], on: [408], ...refused, code: 'unavailable' }",
  },
  {
    id: 'take silence for not accepted',
    file: `${core}/errors/classify.ts`,
    find: "answer: 'no', ...ambiguous",
    replace: "answer: 'no', ...notAccepted, code: 'unavailable'",
  },
  {
    id: 'repeat without a key',
    file: `${core}/engine/repeat.ts`,
    find: 'if (state.doubt && !keyIsGood(submission)) return undefined;',
    replace: '',
  },
  {
    id: 'send under a key that the host has forgotten',
    file: `${core}/engine/submit.ts`,
    find: 'if (state.doubt && !keyIsGood(submission)) throw',
    replace: 'if (state.doubt && submission.key === undefined) throw',
  },
  {
    id: 'a new key per repeat',
    file: `${core}/provider/account.ts`,
    find: '[idempotency.header]: idempotencyKey }',
    replace: '[idempotency.header]: idempotencyKey + Math.random() }',
  },
  {
    id: 'fall back when unknown',
    file: `${core}/engine/route.ts`,
    find: "return policy.onAmbiguous === 'proceed';",
    replace: 'return true;',
  },
  {
    id: 'fall back after a paid failure',
    file: `${core}/engine/route.ts`,
    find: "errorTraits[error.code].fallback && error.billed === 'no'",
    replace: 'errorTraits[error.code].fallback',
  },
  {
    id: 'shop a moderated prompt around',
    file: `${core}/errors/error-traits.ts`,
    find: 'fallback: false,\n    http: 422',
    replace: 'fallback: true,\n    http: 422',
  },
  {
    id: 'an intent is not joined',
    file: `${core}/ledger/memory.ts`,
    find: 'if (entry.owner !== owner && (entry.leaseEnd > now || lease <= 0)) return null;',
    replace: '',
  },
  {
    id: 'forget that a prior send is in doubt',
    file: `${core}/engine/submit.ts`,
    find: "state.doubt = doubtBefore || classification.verdict === 'ambiguous';",
    replace: "state.doubt = classification.verdict === 'ambiguous';",
  },
  {
    id: 'the budget is not reserved',
    file: `${core}/engine/budget.ts`,
    find: 'spent[currency] += amount;\n',
    replace: '',
  },
  // Losing what was paid
  {
    id: 'adopt the newest listed job',
    file: `${core}/engine/reconcile.ts`,
    find: '|| !list.isSame(listed, request)',
    replace: '',
  },
  {
    id: 'adopt a job that is older than the send',
    file: `${core}/engine/reconcile.ts`,
    find: '!(Date.parse(listed.createdAt) < earliest)',
    replace: 'true',
  },
  {
    id: 'no margin for clocks in the window of the list',
    file: `${core}/engine/reconcile.ts`,
    find: 'since: since - clockSkew',
    replace: 'since',
  },
  {
    id: 'a refund that is only promised frees the budget',
    file: `${core}/engine/attempt.ts`,
    find: "error.billed === 'no' && state.last?.refund !== 'pending'",
    replace: "error.billed === 'no'",
  },
  {
    id: 'adopt one of several',
    file: `${core}/engine/reconcile.ts`,
    find: 'if (only && alike.length === 1)',
    replace: 'if (only)',
  },
  {
    id: 'adopt a job that somebody has',
    file: `${core}/engine/reconcile.ts`,
    find: 'host.claimed.has(listed.id) ||',
    replace: '',
  },
  {
    id: 'return before accepted is durable',
    file: `${core}/engine/submit.ts`,
    find: "await run.record({ type: 'accepted', at: Date.now(), job }).catch(keepGoing);",
    replace: "void run.record({ type: 'accepted', at: Date.now(), job }).catch(() => undefined);",
  },
  {
    id: 'send before sending is durable',
    file: `${core}/engine/submit.ts`,
    find: "await run.record({ type: 'sending'",
    replace: "void run.record({ type: 'sending'",
  },
  {
    id: 'send although the ledger failed',
    file: `${core}/engine/intent-run.ts`,
    find: "      throw new ImageError({\n        code: 'unavailable',\n        reason: 'ledger_unavailable',",
    replace:
      "      if (work.toString().includes('append')) return undefined as never;\n      throw new ImageError({\n        code: 'unavailable',\n        reason: 'ledger_unavailable',",
  },
  {
    id: 'close an intent that timed out',
    file: `${core}/engine/intent-run.ts`,
    find: "if (billed !== 'unknown' && !resumable)",
    replace: 'if (true)',
  },
  {
    id: 'deliver before the caller has saved',
    file: `${core}/generate.ts`,
    find: 'for (const picture of pictures) await call.deliver?.(picture);',
    replace: 'for (const picture of pictures) void Promise.resolve(picture).then(call.deliver).catch(() => undefined);',
  },
  {
    id: 'a failing look ends the job',
    file: `${core}/errors/classify.ts`,
    find: "  return 'again';",
    replace: "  return status !== undefined && status >= 500 ? 'gone' : 'again';",
  },
  {
    id: 'a missing job is given up at once',
    file: `${core}/engine/wait.ts`,
    find: 'const missingFor = 30_000;',
    replace: 'const missingFor = 0;',
  },
  {
    id: "take another job's answer",
    file: `${core}/engine/wait.ts`,
    find: 'if (snapshot?.id === job.id) return snapshot;',
    replace: 'if (snapshot?.id) return snapshot;',
  },
  {
    id: 'success without a picture',
    file: `${core}/engine/wait.ts`,
    find: 'if (snapshot.outputs.length > 0) return true;',
    replace: 'return true;',
  },
  { id: 'drop the fdatasync', file: `${core}/node/journal.ts`, find: 'await file.datasync();', replace: '' },
  // Saying what is not true
  {
    id: 'a paid failure is free',
    file: `${core}/engine/wait.ts`,
    find: "snapshot.refund === 'none' ? 'yes' : 'no'",
    replace: "'no'",
  },
  {
    id: 'a timeout is free',
    file: `${core}/engine/attempt.ts`,
    find: "'while waiting for the job', { billed: 'yes'",
    replace: "'while waiting for the job', { billed: 'no'",
  },
  {
    id: 'forget the attempt before the last',
    file: `${core}/engine/intent-run.ts`,
    find: "return own === 'no' && attempts.some(({ billed }) => billed === 'unknown') ? 'unknown' : own;",
    replace: 'return own;',
  },
  // Keys and addresses
  { id: 'follow a redirect', file: `${core}/http/send.ts`, find: "redirect: 'manual'", replace: "redirect: 'follow'" },
  { id: 'quote the key', file: `${core}/provider/account.ts`, find: 'secret?.redact(text) ?? text', replace: 'text' },
  {
    id: 'keep the raw cause',
    file: `${core}/errors/image-error.ts`,
    find: 'super(options.message, cause && { cause });',
    replace: 'super(options.message, { cause: options.cause ?? cause });',
  },
  {
    id: 'download from anywhere',
    file: `${core}/http/download.ts`,
    find: "return protocol === 'https:' && (await isPublicHost(hostname));",
    replace: 'return true;',
  },
  {
    id: 'no limit to a body',
    file: `${core}/http/read-body.ts`,
    find: "if (size > limits.maxBytes) throw new BodyLimit('too_large');",
    replace: '',
  },
  {
    id: 'take any bytes for a picture',
    file: `${core}/image/picture.ts`,
    find: 'if (!mediaType)',
    replace: 'if (false)',
  },
  { id: 'an old webhook is fresh', file: 'packages/wavespeed/src/webhook.ts', find: '300', replace: '3_000_000_000' },
  // Time
  {
    id: 'clear the timer at the headers',
    file: `${core}/http/read-body.ts`,
    find: "const timer = setTimeout(() => settle(() => reject(new BodyLimit('stalled'))), idle);",
    replace: 'const timer = setTimeout(() => undefined, 0 * idle);',
  },
  {
    id: 'leave the timer running',
    file: `${core}/time/deadline.ts`,
    find: '      clearTimeout(timer);\n      signal?.removeEventListener',
    replace: '      signal?.removeEventListener',
  },
  {
    id: 'sleep as long as the host says',
    file: `${core}/engine/repeat.ts`,
    find: 'if (wish > longestWait || delay > run.deadline.remaining() - leastTime) return undefined;',
    replace: '',
  },
  {
    id: 'a listener can end the call',
    file: `${core}/engine/events.ts`,
    find: '    } catch {\n',
    replace: '    } catch (error) {\n      throw error;\n',
  },

  // Pace and route
  {
    id: 'a job gives its place back at once',
    file: `${core}/engine/attempt.ts`,
    find: 'admission = await admit(submission);',
    replace: '(await admit(submission)).release();',
  },
  {
    id: 'wait in a full queue all the same',
    file: `${core}/pace/turns.ts`,
    find: 'if (ahead >= room) return Promise.reject(new QueueFull());',
    replace: '',
  },
  {
    id: 'send before its turn',
    file: `${core}/engine/admission.ts`,
    find: 'return await host.limiter.admit(run.deadline.signal, onQueued);',
    replace:
      'host.limiter.admit(run.deadline.signal, onQueued).catch(() => undefined);\n    return { release: () => undefined };',
  },
  {
    id: 'ask a host that is down',
    file: `${core}/engine/admission.ts`,
    find: "if (breaker.state() === 'closed') return;",
    replace: 'return;',
  },
  {
    id: 'probe with a paid submit',
    file: `${core}/engine/admission.ts`,
    find: "if (breaker.state() === 'half-open') await",
    replace: "if (breaker.state() === 'half-open') return;\n  if (breaker.state() === 'half-open') await",
  },
  {
    id: 'open every socket at once',
    file: `${core}/pace/gate.ts`,
    find: 'if (signal.aborted || !hasRoom(track)) return track.line.wait(signal);',
    replace: '',
  },
  {
    id: 'forget the job that lost a hedge',
    file: `${core}/engine/hedge-legs.ts`,
    find: 'const attempts = [...own.attempts, ...other.attempts];',
    replace: 'const attempts = run.attempts;',
  },
  {
    id: 'forget that a hedge fulfilled the wish',
    file: `${core}/engine/hedge-legs.ts`,
    find: 'const moved = await moveTo(own, other, frame);',
    replace: 'const moved = undefined as Write | undefined;',
  },
  {
    id: 'hedge beyond its money',
    file: `${core}/engine/hedge.ts`,
    find: "return typeof price === 'string' ? price : budget.reserve(price);",
    replace: 'return { settle: () => undefined };',
  },
  {
    id: 'send the size of the call to every model',
    file: `${core}/engine/route.ts`,
    find: 'return request === intent.request ? run :',
    replace: 'return request !== intent.request ? run :',
  },
  {
    id: 'read only the first page of the list',
    file: `${core}/provider/sweep.ts`,
    find: 'cursor = list.next?.(exchange.body);',
    replace: 'cursor = undefined;',
  },
  {
    id: 'look twice within a second',
    file: `${core}/engine/vigil.ts`,
    find: 'Math.max(leastGap[context.pace], schedule(context))',
    replace: 'schedule(context) / 4',
  },
];
