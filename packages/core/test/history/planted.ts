import type { CallNote, History, JobNote, LedgerNote, SubmitNote, ToldNote } from './notes.ts';

const words = 'wavespeed /api/v3/m {"prompt":"a lighthouse"}';

export const submitOf = (n: number, more: Partial<SubmitNote> = {}): SubmitNote => ({
  ...{ n, host: 'wavespeed', ledger: 'ledger', client: 'p0.1', words, key: undefined, at: 10 },
  ...{ told: 'job', job: `job${n}`, ...more },
});

export const jobOf = (submit: number | undefined, more: Partial<JobNote> = {}): JobNote => ({
  ...{ id: `job${submit}`, host: 'wavespeed', words, submit, madeAt: 20 },
  ...{ kept: true, completes: true, failedShownAt: undefined, ...more },
});

export const entryOf = (intentId: string, type: string, more: Partial<LedgerNote> = {}): LedgerNote => ({
  ...{ ledger: 'ledger', client: 'p0.1', intentId, type, at: type === 'sending' ? 5 : 30 },
  ...(type === 'sending' ? { words } : {}),
  ...more,
});

export const callOf = (more: Partial<CallNote> = {}): CallNote => ({
  ...{ n: 0, client: 'p0.1', ledger: 'ledger', kind: 'generate', begun: 0, timeout: 1_000 },
  ...{ crashed: false, ended: 100, delivering: 0, ...more },
});

export const toldOf = (intentId: string, more: Partial<ToldNote> = {}): ToldNote => ({
  ...{ call: 0, ledger: 'ledger', intentId, at: 100, what: 'error', billed: 'unknown' },
  ...{ jobs: [], candidates: [], free: [], ...more },
});

/** One picture, asked for, paid, delivered: nothing is wrong with it. */
export const rightHistory: History = {
  ...{ seed: 0, setting: 'by hand', nameable: ['wavespeed'], crashes: [], humans: [], open: [] },
  intents: ['a', 'b'].map((id) => ({ ledger: 'ledger', id, proceeds: false })),
  submits: [submitOf(0)],
  jobs: [jobOf(0)],
  entries: [entryOf('a', 'sending'), entryOf('a', 'accepted', { job: 'job0' }), entryOf('a', 'delivered', { at: 90 })],
  calls: [callOf()],
  told: [toldOf('a', { what: 'picture', billed: 'yes', jobs: ['job0'] })],
  deliveries: [{ call: 0, ledger: 'ledger', intentId: 'a', job: 'job0', begun: 80, ended: 85 }],
};

/** A lost answer, parked with the job that was found: nothing is wrong with it either. */
export const parkedHistory: History = {
  ...rightHistory,
  submits: [submitOf(0, { told: 'nothing' })],
  entries: [entryOf('a', 'sending'), entryOf('a', 'unknown')],
  told: [toldOf('a', { candidates: ['job0'] })],
  deliveries: [],
  open: ['ledger a'],
};
