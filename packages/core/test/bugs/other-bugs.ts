import { attempt, bug, next, prepare, src } from './bug.ts';

/** Keys and addresses, time, pace, hedges. */
export const otherBugs = [
  // Keys and addresses
  bug('follow a redirect', 'core/test/engine.test.ts', [
    src('host/fetch-transport.ts'),
    "redirect: 'manual', signal: cut.signal",
    "redirect: 'follow', signal: cut.signal",
  ]),
  bug('quote the key', 'core/test/wire.test.ts', [
    src('host/host.ts'),
    'redactionOf(account.key()).text(text)',
    'text',
  ]),
  bug('read a body with the key in it', 'core/test/proof/canary.test.ts', [
    src('host/foreign.ts'),
    'body === undefined ? body : value(body)',
    'body',
  ]),
  bug('forget what a job with the key in its name is called', 'core/test/parts/redaction.test.ts', [
    src('host/host.ts'),
    'url = account.baseUrl() + named(request.path)',
    'url = account.baseUrl() + request.path',
  ]),
  bug('show a signed address', 'core/test/proof/canary.test.ts', [
    src('host/host.ts'),
    'hideSignatures(redactionOf(account.key()).text(text))',
    'redactionOf(account.key()).text(text)',
  ]),
  bug('keep the raw cause', 'core/test/parts/image-error.test.ts', [
    src('errors/image-error.ts'),
    'super(options.message, cause && { cause });',
    'super(options.message, { cause: options.cause ?? cause });',
  ]),
  bug('download from anywhere', 'core/test/host/download.test.ts', [
    src('host/download.ts'),
    "const known = protocol === 'https:' && mayBePublic(hostname);",
    'if (hostname) return undefined;\n  const known = false;',
  ]),
  bug('no limit to a picture', 'core/test/host/read-body.test.ts', [
    src('host/read-body.ts'),
    "if (size > limits.maxBytes) throw new BodyLimit('too_large');",
    '',
  ]),
  bug('no limit to an answer', 'core/test/host/fetch-transport.test.ts', [
    src('host/fetch-exchange.ts'),
    '!isBytes || this.#size > this.#request.maxBytes',
    '!isBytes',
  ]),
  bug('take any bytes for a picture', 'core/test/parts/walk.test.ts', [
    src('image/inspect.ts'),
    'if (file?.take(bytes)) return file;',
    'if (file) return file;',
  ]),
  bug('take half a picture for a whole one', 'core/test/parts/picture.test.ts', [
    src('image/inspect.ts'),
    'if (ended === undefined || (cut && mayHeal))',
    'if (ended === undefined)',
  ]),
  bug('an old webhook is fresh', 'wavespeed/test/webhook.test.ts', [
    'packages/wavespeed/src/webhook.ts',
    'const tolerance = 300_000;',
    'const tolerance = 3e12;',
  ]),
  bug('plain http to anywhere', 'core/test/proof/canary.test.ts', [
    src('host/account.ts'),
    "(url?.protocol === 'http:' && isLoopback(url.hostname))",
    "url?.protocol === 'http:'",
  ]),
  // Time
  bug('clear the timer at the headers', 'core/test/engine.test.ts', [
    src('host/fetch-exchange.ts'),
    "this.#limit.set(Math.min(idleTimeout, this.#left()), 'body');",
    'this.#limit.clear();',
  ]),
  bug('leave the timer running', 'core/test/parts/time.test.ts', [
    src('time/deadline.ts'),
    'clearTimeout(timer);\n      for (const signal of signals) signal',
    'for (const signal of signals) signal',
  ]),
  bug('leave the alarm of a call running', 'core/test/found/d05-refunds.test.ts', [
    src('picture/run.ts'),
    'this.#scheduler.cancelAlarm(this);',
    '',
  ]),
  bug('sleep as long as the host says', 'core/test/engine.test.ts', [
    next,
    'return retryAfter > longestWait || wait > remaining - leastTime ? undefined : wait;',
    'return wait + 0 * remaining;',
  ]),
  bug('a listener can end the call', 'core/test/parts/time.test.ts', [
    src('picture/events.ts'),
    '} catch {\n      // A listener',
    '} catch (error) {\n      throw error;\n      // A listener',
  ]),
  bug('an abort is not heard', 'core/test/engine.test.ts', [
    src('picture/run.ts'),
    "signal.addEventListener('abort', onAbort, { once: true });",
    '',
  ]),
  // Pace and route
  bug('a job gives its place back at once', 'core/test/found/d10-clocks.test.ts', [
    attempt,
    'picture.place = limiter;',
    'limiter.leave();',
  ]),
  bug('wait in a full queue all the same', 'core/test/pace/in-a-call.test.ts', [
    attempt,
    'isLimited && ahead >= limiter.queue',
    'isLimited && ahead < 0',
  ]),
  bug('send before its turn', 'core/test/found/d10-clocks.test.ts', [
    src('host/scheduler.ts'),
    "slots.isFree('submit') && limiter.delay() <= 0 ?",
    "slots.isFree('submit') ?",
  ]),
  bug('ask a host that is down', 'core/test/pace/in-a-call.test.ts', [
    attempt,
    "if (breaker.state() === 'closed') return;",
    'return;',
  ]),
  bug('probe with a paid submit', 'core/test/pace/in-a-call.test.ts', [
    attempt,
    'const { breaker } = host;\n',
    "const { breaker } = host;\n  if (breaker.state() === 'half-open') return;\n",
  ]),
  bug('open every socket at once', 'core/test/pace/in-a-call.test.ts', [
    src('host/scheduler.ts'),
    'total < most && inside[lane] < room[lane]',
    'true',
  ]),
  bug('a request never gives its slot back', 'core/test/pace/in-a-call.test.ts', [
    src('host/scheduler.ts'),
    'total -= 1;',
    '',
  ]),
  bug('forget the job that lost a hedge', 'core/test/hedge.test.ts', [
    src('hedge/run-hedged.ts'),
    'attempts: attemptsOf(branches), warnings',
    'warnings',
  ]),
  bug('forget that a hedge fulfilled the wish', 'core/test/ledger/hedge.test.ts', [
    src('hedge/run-hedged.ts'),
    'if (isPaid(own) || !isPaid(other)) return undefined;',
    'if (isPaid(own) || isPaid(other)) return undefined;',
  ]),
  bug('hedge beyond its money', 'core/test/hedge.test.ts', [
    src('hedge/run-hedged.ts'),
    "return typeof price === 'string' ? price : budget.reserve(price);",
    "return typeof price === 'string' ? price : (budget.reserve(price), {});",
  ]),
  bug('send the size of the call to every model', 'core/test/route.test.ts', [
    prepare,
    'const request = requestAt(picture.intent.request, overrides);',
    'const request = overrides ? picture.intent.request : requestAt(picture.intent.request, overrides);',
  ]),
  bug('look twice within a second', 'core/test/engine.test.ts', [
    src('picture/pace.ts'),
    'Math.max(leastInterval[context.pace], schedule(context))',
    'schedule(context) / 4',
  ]),
];
