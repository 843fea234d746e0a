import {
  type DeliveryContext,
  type GeneratedImage,
  type GenerateImageOptions,
  generateImage,
  ImageError,
  type Job,
  resumeImages,
  submitImage,
  waitForImage,
} from '../../src/index.ts';
import type { CallNote, DeliveryNote, ToldNote } from './notes.ts';
import { jobOf } from './picture.ts';
import type { Asked } from './plan.ts';
import { follow, type Process } from './process.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-time.ts';

/** Where callers write down what they asked and what they heard. */
export interface Book {
  readonly random: Random;
  readonly clock: Clock;
  readonly calls: CallNote[];
  readonly told: ToldNote[];
  readonly deliveries: DeliveryNote[];
  /** Jobs that `submitImage` returned, by intent. */
  readonly submitted: Map<string, Job>;
  /** Callers keep every picture that they are given. */
  keepsAll: boolean;
}

const ownReasons = ['aborted by the client', 'no room for the picture'];

function begin(book: Book, process: Process, kind: CallNote['kind'], timeout: number): CallNote {
  const ends = { crashed: false, ended: undefined, delivering: 0 };
  const who = { n: book.calls.length, client: process.name, ledger: process.ledgerName };
  const call: CallNote = { ...who, kind, begun: book.clock.now(), timeout, ...ends };
  book.calls.push(call);
  return call;
}

type Facts = Partial<Pick<ToldNote, 'what' | 'billed' | 'code' | 'jobs' | 'candidates' | 'free' | 'message' | 'alone'>>;

function tell({ told, clock }: Book, call: CallNote, intentId: string, facts: Facts): void {
  const nothing = { what: 'error', billed: 'unknown', jobs: [], candidates: [], free: [] } as const;
  told.push({ ...nothing, call: call.n, ledger: call.ledger, intentId, at: clock.now(), ...facts });
}

const ids = (jobs: readonly (Job | undefined)[]): string[] => jobs.flatMap((job) => (job ? [job.id] : []));
const freeOf = (attempts: ImageError['attempts']): string[] =>
  ids(attempts.filter(({ billed }) => billed === 'no').map(({ job }) => job));

function tellError(book: Book, call: CallNote, intentId: string, error: unknown, alone = false): void {
  const message = error instanceof Error ? error.message : String(error);
  if (!ImageError.is(error)) {
    tell(book, call, intentId, { what: ownReasons.includes(message) ? 'own reason' : 'untyped', message });
    return;
  }
  const { billed, code, job, candidates = [], attempts } = error;
  tell(book, call, intentId, {
    ...{ what: call.kind === 'wait' ? 'job error' : 'error', billed, code, message, alone },
    ...{
      jobs: ids([job]),
      candidates: ids(candidates),
      free: [...freeOf(attempts), ...(call.kind === 'wait' && billed === 'no' ? ids([job]) : [])],
    },
  });
}

/** The caller's own `deliver`: reads the picture, and now and then cannot keep it. */
async function deliver(book: Book, call: CallNote, intentId: string, image: GeneratedImage): Promise<void> {
  const begun = book.clock.now();
  const broken = book.random.chance(0.04) && !book.keepsAll;
  try {
    const job = jobOf(await image.bytes({ timeout: 5_000 }));
    const note: DeliveryNote = { call: call.n, ledger: call.ledger, intentId, job, begun, ended: undefined };
    book.deliveries.push(note);
    if (broken) throw new Error('no room for the picture');
    note.ended = book.clock.now();
  } finally {
    call.delivering += book.clock.now() - begun;
  }
}

export function callFor(book: Book, process: Process, request: Asked, signal: AbortSignal | undefined): Promise<void> {
  const { id, prompt, seed, modelId, route, n, timeout, proceed } = request;
  const call = begin(book, process, request.kind, timeout);
  const common = {
    ...{ intentId: id, prompt, timeout, ledger: process.ledger },
    ...(seed === undefined ? {} : { seed }),
    model: route.map((host) => process.model(host, modelId)),
    ...(signal ? { signal } : {}),
    onAmbiguous: proceed ? ('proceed' as const) : ('reconcile' as const),
  };
  return follow(process, call, book.clock, async () => {
    try {
      if (request.kind === 'submit') {
        const job = await submitImage(common);
        if (process.isDead()) return;
        book.submitted.set(id, job);
        tell(book, call, id, { what: 'job', billed: 'yes', jobs: [job.id] });
      } else await generate(book, process, call, { ...common, n }, request.deliver);
    } catch (error) {
      if (!process.isDead()) tellError(book, call, id, error);
    }
  });
}

async function generate(
  book: Book,
  process: Process,
  call: CallNote,
  options: GenerateImageOptions & { readonly intentId: string },
  delivers: boolean,
): Promise<void> {
  const { intentId } = options;
  const hand = (image: GeneratedImage): Promise<void> => deliver(book, call, intentId, image);
  const { images, attempts, failures } = await generateImage({ ...options, ...(delivers ? { deliver: hand } : {}) });
  if (process.isDead()) return;
  const jobs = ids(images.map(({ job }) => job));
  tell(book, call, intentId, { what: 'picture', billed: 'yes', jobs, free: freeOf(attempts) });
  for (const failure of failures) tellError(book, call, failure.intentId ?? intentId, failure, true);
}

export function waitFor(book: Book, process: Process, request: Asked, job: Job, timeout: number): Promise<void> {
  const call = begin(book, process, 'wait', timeout);
  return follow(process, call, book.clock, async () => {
    try {
      const host = job.provider === 'apiframe' ? 'apiframe' : 'wavespeed';
      const model = process.model(host, request.modelId);
      const { images } = await waitForImage(model, job, { ledger: process.ledger, timeout });
      if (process.isDead()) return;
      tell(book, call, request.id, { what: 'picture', billed: 'yes', jobs: ids(images.map((image) => image.job)) });
    } catch (error) {
      if (!process.isDead()) tellError(book, call, request.id, error);
    }
  });
}

export function resume(book: Book, process: Process, modelId: string, timeout: number): Promise<void> {
  const call = begin(book, process, 'resume', timeout);
  const models = [process.model('wavespeed', modelId), process.model('apiframe', modelId)];
  const hand = (image: GeneratedImage, { intentId }: DeliveryContext): Promise<void> =>
    deliver(book, call, intentId, image);
  return follow(process, call, book.clock, async () => {
    try {
      const resumed = await resumeImages({ ledger: process.ledger, models, timeout, deliver: hand });
      if (process.isDead()) return;
      for (const { intentId, images, error } of resumed) {
        if (error) tellError(book, call, intentId, error, true);
        else tell(book, call, intentId, { what: 'picture', billed: 'yes', jobs: ids(images.map(({ job }) => job)) });
      }
    } catch (error) {
      if (!process.isDead()) tellError(book, call, 'all', error);
    }
  });
}
