import { type Books, createBooks, keyOf } from './books.ts';
import { baseOf, type CallNote, type History, type JobNote, type SubmitNote, type ToldNote } from './notes.ts';
import { traceOf } from './trace.ts';

/** The promises that a history can break. */
export type Rule =
  | 'two owners'
  | "somebody else's job"
  | 'paid twice'
  | 'sent again without proof'
  | 'told no, charged'
  | 'told yes, without a job'
  | 'late'
  | 'never ended'
  | 'untyped'
  | 'lost'
  | 'delivered twice'
  | 'sent before it was written'
  | 'in doubt about nothing';

export interface Violation {
  readonly rule: Rule;
  readonly what: string;
  /** What led to it, in one line. */
  readonly trace: string;
}

/** Judges a history against what the hosts really did. Pure: it knows nothing of the engine. */
export function check(history: History): Violation[] {
  const books = createBooks(history);
  const rules = [
    owners,
    strangers,
    paidTwice,
    resent,
    toldNo,
    toldYes,
    endings,
    lost,
    deliveredTwice,
    unwritten,
    stuck,
  ];
  return rules.flatMap((rule) => rule(history, books)).map((found) => ({ ...found, trace: traceOf(history, found) }));
}

/** Something wrong, and what its trace is about. */
export interface Found {
  readonly rule: Rule;
  readonly what: string;
  readonly intents?: readonly string[];
  readonly jobs?: readonly string[];
  readonly calls?: readonly number[];
}

type Check = (history: History, books: Books) => Found[];

/** A job belongs to one intent. */
const owners: Check = ({ jobs }, books) =>
  jobs.flatMap(({ id }) => {
    const intents = books.ownersOf(id);
    return intents.length > 1
      ? [{ rule: 'two owners', what: `${id} belongs to ${intents.join(' and ')}`, intents, jobs: [id] }]
      : [];
  });

/** A picture was made for whoever gets it: for these words, by this ledger's own submit. */
const strangers: Check = ({ jobs, submits }, books) =>
  jobs.flatMap((job) =>
    books.ownersOf(job.id).flatMap((intent): Found[] => {
      const submit = job.submit === undefined ? undefined : submits[job.submit];
      const human = books.adopted(intent, job.id);
      if (human) return [];
      const whose = !submit
        ? "another program's"
        : submit.ledger !== books.ledgerOf(intent)
          ? "another ledger's"
          : undefined;
      const other = whose ?? (books.wordsOf(intent).has(job.words) ? undefined : "other words'");
      return other
        ? [{ rule: "somebody else's job", what: `${intent} got ${other} job`, intents: [intent], jobs: [job.id] }]
        : [];
    }),
  );

/** Charges that stay can be given to intents, one to each, unless more was allowed. */
const paidTwice: Check = (_history, books) =>
  books.unassigned(books.mayOwn).map((job) => {
    const intents = books.mayOwn(job);
    return {
      rule: 'paid twice',
      what: `nobody is left for ${job.id} (${intents.join(', ') || 'no intent'})`,
      intents,
      jobs: [job.id],
    };
  });

/** 'no' is told only where no charge stays for what had been sent by then. */
const toldNo: Check = ({ told, submits }, books) => {
  const no = told.filter(({ billed, what }) => what === 'error' && billed === 'no');
  const ruledOut = (job: JobNote, intent: string): boolean =>
    no.some((each) => baseIs(each, intent) && (submits[job.submit ?? -1]?.at ?? Infinity) <= each.at);
  // Which job is left over is a matter of chance where an intent has two; how many are left is not.
  const left = books.unassigned((job) => books.mayHaveSent(job).filter((intent) => !ruledOut(job, intent)));
  const denied = left.filter((job) => books.mayHaveSent(job).some((intent) => ruledOut(job, intent)));
  const wrong = denied.slice(0, Math.max(0, left.length - books.unassigned(books.mayHaveSent).length));
  const free = told.flatMap((each) => each.free.flatMap((id) => (books.job(id)?.kept ? [{ each, id }] : [])));
  return [
    ...wrong.map((job): Found => {
      const intents = books.mayHaveSent(job).filter((intent) => ruledOut(job, intent));
      return {
        rule: 'told no, charged',
        what: `${intents.join(', ')}: ${job.id} stays charged`,
        intents,
        jobs: [job.id],
      };
    }),
    ...free.map(({ each, id }): Found => {
      const intents = [keyOf(each)];
      return {
        rule: 'told no, charged',
        what: `${intents[0]}: an attempt says no, ${id} stays charged`,
        intents,
        jobs: [id],
      };
    }),
  ];
};

/** An error with `n` pictures speaks for all of them. */
const baseIs = (told: ToldNote, intent: string): boolean =>
  keyOf(told) === intent || (!told.alone && told.intentId === baseOf(told.intentId) && keyOf(told) === baseOf(intent));

const toldYes: Check = ({ told }, books) =>
  told.flatMap((each): Found[] => {
    if (!each.what.endsWith('error') || each.billed !== 'yes') return [];
    const [id] = each.jobs;
    if (id !== undefined && books.job(id)) return [];
    return [{ rule: 'told yes, without a job', what: `${keyOf(each)} (${id ?? 'no job'})`, intents: [keyOf(each)] }];
  });

/** After a send whose fate is not proved nothing goes out but the same key. */
const resent: Check = ({ submits }, books) => {
  const mine = new Map<string, SubmitNote[]>();
  for (const submit of submits) {
    const [intent, ...others] = books.sendersOf(submit);
    if (intent && others.length === 0) mine.set(intent, [...(mine.get(intent) ?? []), submit]);
  }
  return [...mine].flatMap(([intent, own]) => {
    const wrong = own.find((later, nth) =>
      own.slice(0, nth).some((earlier) => !mayFollow(books, intent, own, earlier, later)),
    );
    return wrong ? [{ rule: 'sent again without proof', what: `${intent}: submit ${wrong.n}`, intents: [intent] }] : [];
  });
};

const day = 86_400_000;

function mayFollow(
  books: Books,
  intent: string,
  own: readonly SubmitNote[],
  earlier: SubmitNote,
  later: SubmitNote,
): boolean {
  if (['refused', 'unconnected'].includes(earlier.told) || books.allows(intent, earlier.at, later.at)) return true;
  const [first] = own.filter(({ key }) => key === earlier.key);
  if (earlier.key && earlier.key === later.key) return later.at - (first?.at ?? 0) < day;
  // A repeat under the same key that was answered settles the first; so does a failure that was shown.
  const settled = own.filter((each) => each === earlier || (each.key !== undefined && each.key === earlier.key));
  return settled.some(({ job, at }) => {
    const shown = job === undefined ? undefined : books.job(job)?.failedShownAt;
    return at < later.at && shown !== undefined && shown <= later.at;
  });
}

/** A call ends by its deadline, with a picture or an `ImageError`. */
const endings: Check = ({ calls, told }) => [
  ...calls.filter(({ crashed }) => !crashed).flatMap((call) => late(call)),
  ...told.flatMap((each): Found[] =>
    each.what === 'untyped'
      ? [{ rule: 'untyped', what: `${keyOf(each)}: ${each.message}`, intents: [keyOf(each)] }]
      : [],
  ),
];

function late({ n, kind, begun, ended, timeout, delivering }: CallNote): Found[] {
  if (ended === undefined) return [{ rule: 'never ended', what: `${kind} of ${timeout} ms`, calls: [n] }];
  const beyond = Math.round(ended - begun - delivering - timeout);
  return beyond > 50 ? [{ rule: 'late', what: `${kind} ended ${beyond} ms after its deadline`, calls: [n] }] : [];
}

/** A charge that stays is in somebody's hands: delivered, open in its ledger, or named where its intent is parked. */
const lost: Check = ({ jobs, nameable, open }, books) =>
  jobs.flatMap((job): Found[] => {
    if (!job.kept || job.submit === undefined) return [];
    const [owner] = books.ownersOf(job.id);
    const found = (why: string, intents: readonly string[]): Found[] => [
      { rule: 'lost', what: `${job.id} ${why}`, intents, jobs: [job.id] },
    ];
    if (owner !== undefined) {
      const kept = !job.completes || books.delivered(job.id) || open.includes(owner);
      return kept ? [] : found(`is closed at ${owner}, and nobody got it`, [owner]);
    }
    const intents = books.mayOwn(job);
    if (intents.some((intent) => books.allows(intent, 0, Number.POSITIVE_INFINITY))) return [];
    const parked = intents.filter((intent) => open.includes(intent));
    if (parked.length === 0) return found('is in nobody’s hands', intents);
    const canBeNamed = job.completes && nameable.includes(job.host);
    return canBeNamed && !parked.some((intent) => books.names(intent, job.id)) ? found('is no candidate', parked) : [];
  });

/** Resuming hands over what is open, and nothing that was handed over. */
const deliveredTwice: Check = ({ deliveries, calls, entries }) =>
  deliveries.flatMap((each): Found[] => {
    // With `n` a caller hears of every picture under the id of the call, so the job tells which one it is.
    const earlier = deliveries.filter((one) => one.job === each.job && (one.ended ?? Infinity) < each.begun);
    // An earlier closing was of an attempt that had failed.
    const isClosed = ({ ended = 0 }: (typeof deliveries)[number]): boolean =>
      entries.some(
        ({ type, at, ...entry }) =>
          type === 'delivered' && keyOf(entry) === keyOf(each) && at >= ended && at < each.begun,
      );
    const twice = calls[each.call]?.kind === 'resume' && earlier.some(isClosed);
    return twice ? [{ rule: 'delivered twice', what: keyOf(each), intents: [keyOf(each)], jobs: [each.job] }] : [];
  });

/** What goes out is in the ledger before. */
const unwritten: Check = ({ submits }, books) =>
  submits.flatMap((submit): Found[] =>
    books.sendersOf(submit).length > 0
      ? []
      : [{ rule: 'sent before it was written', what: `${submit.client} submits ${submit.n}: ${submit.words}` }],
  );

/** A process that lives on knows whether it has sent anything. */
const stuck: Check = ({ open, entries, submits, crashes }, books) =>
  open.flatMap((intent): Found[] => {
    const sendings = entries.filter((entry) => entry.type === 'sending' && keyOf(entry) === intent);
    if (sendings.length === 0 || books.hasJob(intent)) return [];
    const alive = sendings.every(({ client }) => !crashes.some((crash) => crash.client === client));
    const sent = submits.some((submit) => books.sendersOf(submit).includes(intent));
    return alive && !sent ? [{ rule: 'in doubt about nothing', what: intent, intents: [intent] }] : [];
  });
