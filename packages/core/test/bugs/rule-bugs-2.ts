import { adoption, bug, log, memory, next, reducer, rules, src, writing } from './bug.ts';

/** The rules of the engine from 7 on, each taken out. */
export const moreRuleBugs = [
  bug('7: what a person declares absent is closed', 'core/test/parts/decisions.test.ts', [
    reducer,
    '{ ...send, absent: true }',
    "{ ...send, end: 'refused' as const }",
  ]),
  bug('8: the age of a key counts from its last use', 'core/test/parts/decisions.test.ts', [
    writing,
    'now - Math.min(...state.sends',
    'now - Math.max(...state.sends',
  ]),
  bug('8: a send from the future stretches its key', 'core/test/parts/decisions.test.ts', [
    writing,
    'age > -clockMargin && age <',
    'age <',
  ]),
  bug('8: the age of a key is not checked when the bytes leave', 'core/test/parts/decisions.test.ts', [
    writing,
    'sending.key === undefined ? isReplay : !keyIsGood',
    'sending.key === undefined && isReplay',
  ]),
  bug('9: what was aborted is sent', 'core/test/parts/decisions.test.ts', [
    writing,
    'if (!isInterrupted && !isForgotten) return undefined;',
    'if (!isForgotten) return undefined;',
  ]),
  bug('9: a send that did not happen is not written down', 'core/test/found/mutants.test.ts', [
    log,
    "if (fact.type === 'sending') picture.undoing =",
    "if (fact.type !== 'sending') picture.undoing =",
  ]),
  bug('10: an answer under an old fence is refused', 'core/test/parts/decisions.test.ts', [
    rules,
    "if (send && (event.type === 'accepted' ? isFresh || !isCounted : !send.end)) return 'write';",
    '',
  ]),
  bug('10: a late refusal overwrites', 'core/test/parts/decisions.test.ts', [
    rules,
    "if (send && (event.type === 'accepted' ? isFresh || !isCounted : !send.end)) return 'write';",
    "if (send) return 'write';",
  ]),
  bug('10: an old fence writes anything', 'core/test/parts/ledger.test.ts', [
    rules,
    'if (!isFresh) throw staleFence(intent.id);',
    '',
  ]),
  bug('10: a reply that was lost is written twice', 'core/test/parts/decisions.test.ts', [
    rules,
    "if (length !== undefined && events[length] && isSame(events[length], event)) return 'written';",
    '',
  ]),
  bug('10: two writers do not see each other', 'core/test/parts/decisions.test.ts', [
    rules,
    'if (length !== undefined && length !== events.length) {',
    'if (length !== undefined && length > events.length) {',
  ]),
  bug('11: every picture has an id of its own', 'core/test/found/d04-equal-words.test.ts', [
    src('picture/generate.ts'),
    'id: index === 0 ? intentId :',
    'id: index < 0 ? intentId :',
  ]),
  bug('12: the time of a job is that of the call', 'core/test/pace/in-a-call.test.ts', [
    src('picture/picture.ts'),
    'Math.min(frame.end, jobEnd) - now',
    'Math.min(frame.end, Math.max(jobEnd, frame.end)) - now',
  ]),
  bug('12: one failure keeps the other pictures back', 'core/test/found/d13-delivery.test.ts', [
    src('picture/generate.ts'),
    'if (arrived.length === 0 ||',
    'if (failures.length > 0 ||',
  ]),
  bug('13: as many outputs as the host likes', 'core/test/found/d12-seven-more.test.ts', [
    src('picture/answer.ts'),
    'outputs.slice(0, mostOutputs)',
    'outputs',
  ]),
  bug('14: leases come from a clock that can be set', 'core/test/found/mutants.test.ts', [
    memory,
    'now = () => performance.now()',
    'now = () => Date.now()',
  ]),
  bug("14: listed jobs are dated by the caller's clock", 'core/test/parts/decisions.test.ts', [
    adoption,
    '(offset ?? -clockMargin)',
    '0 * (offset ?? -clockMargin)',
  ]),
  bug('0: a request that may have been accepted is sent anew', 'core/test/engine.test.ts', [
    next,
    "return { do: 'park' };",
    "return { do: 'submit', model: state.model, after: 0 };",
  ]),
];
