/** A mutant that no test notices, and why that is right. */
export interface Survivor {
  readonly file: string;
  readonly within: string;
  readonly operator: string;
  readonly code: string;
  readonly reason: string;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: pieces of the sources, quoted
export const survivors: readonly Survivor[] = [
  {
    file: 'packages/core/src/picture/adoption.ts',
    within: 'byAge',
    operator: 'default',
    code: "Date.parse(a.createdAt ?? '') - Date.parse(b.createdAt ?? '') || ((a.id ?? '') < (b.id ?? ['']) ? -1 : 1); => (undefined as never)",
    reason: 'cannot happen: listed jobs without an id are dropped when the list is read',
  },
  {
    file: 'packages/core/src/picture/attempt.ts',
    within: 'repeat',
    operator: 'operand',
    code: "if ([!last || !asked]) throw new TypeError('nothing was sent before'); => !asked",
    reason: 'cannot happen: `next` repeats only what was sent and prepared; the check is for the compiler',
  },
  {
    file: 'packages/core/src/picture/end.ts',
    within: 'abandon',
    operator: 'logic',
    code: "const last = { provider: adapter.name, modelId, ...(job [&&] billed !== 'no' ? { job } : {}) }; => ||",
    reason: 'only what the event of an aborted call tells: a job that cost nothing, or none',
  },
  {
    file: 'packages/core/src/picture/polling.ts',
    within: 'pollAtOnce',
    operator: 'number',
    code: "waitForPoll(picture, { do: 'poll', job, after: [0] }, then); => 1",
    reason: 'only timing: the poll comes a millisecond later',
  },
  {
    file: 'packages/core/src/picture/project.ts',
    within: 'wordsFor',
    operator: 'return',
    code: "return error.httpStatus ? `after HTTP ${error.httpStatus}` : 'no answer came'; => return undefined as never;",
    reason: 'only wording: why nobody knows what became of the submit',
  },
  {
    file: 'packages/core/src/picture/project.ts',
    within: 'errorFor',
    operator: 'default',
    code: 'job?.snapshot?.nativeStatus => (undefined as never)',
    reason: 'only wording: the host says in words of its own how the job ended',
  },
  {
    file: 'packages/core/src/picture/resume.ts',
    within: 'resumeOne',
    operator: 'number',
    code: '[0], => 1',
    reason: 'only what events tell: a resumed intent is the first picture of its own call',
  },
  {
    file: 'packages/core/src/picture/wait.ts',
    within: 'pause',
    operator: 'guard',
    code: 'if (duration <= 0) return Promise.resolve(); => ;',
    reason: 'only timing: an alarm for a moment that has come rings at once',
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: pieces of the sources, quoted

const idOf = ({ file, within, operator, code }: Survivor): string => `${file} | ${within} | ${operator} | ${code}`;
const reasons = new Map(survivors.map((each) => [idOf(each), each.reason]));

/** Why nothing notices it; undefined where that is not known. */
export const knownSurvivor = (id: string): string | undefined => reasons.get(id);
