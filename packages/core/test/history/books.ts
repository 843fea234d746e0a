import { baseOf, type History, type JobNote, type SubmitNote } from './notes.ts';

/** Who may have what, read off a history. An intent is named by its ledger and its id. */
export interface Books {
  job(id: string): JobNote | undefined;
  ledgerOf(intent: string): string;
  /** Every form in which the intent was sent, or was about to be. */
  wordsOf(intent: string): ReadonlySet<string>;
  /** Intents whose submit this may have been. */
  sendersOf(submit: SubmitNote): readonly string[];
  /** Intents that have the job, as their ledger or their caller says. */
  ownersOf(job: string): readonly string[];
  hasJob(intent: string): boolean;
  /** Its owners; where it has none, the intents that asked for it. */
  mayOwn(job: JobNote): readonly string[];
  /** The same, but a job that was taken among equal ones, by count or by hand, may be of another intent's send. */
  mayHaveSent(job: JobNote): readonly string[];
  /** Charges that stay and cannot be given to an intent of their own. */
  unassigned(edges: (job: JobNote) => readonly string[]): readonly JobNote[];
  /** Whether a second payment was allowed between two moments. */
  allows(intent: string, from: number, until: number): boolean;
  adopted(intent: string, job: string): boolean;
  delivered(job: string): boolean;
  /** Whether the last word about the intent names the job. */
  names(intent: string, job: string): boolean;
}

export const keyOf = ({ ledger, intentId }: { readonly ledger: string; readonly intentId: string }): string =>
  `${ledger} ${intentId}`;

export function createBooks(history: History): Books {
  const { submits, humans, told, deliveries } = history;
  const jobs = new Map(history.jobs.map((job) => [job.id, job]));
  const words = readWords(history);
  const owners = readOwners(history);
  const proceeds = new Set(history.intents.filter((each) => each.proceeds).map(({ ledger, id }) => `${ledger} ${id}`));
  const wordsOf = (intent: string): ReadonlySet<string> => words.get(intent) ?? new Set();
  const asked = (submit: SubmitNote): string[] =>
    [...words].flatMap(([intent, forms]) =>
      intent.startsWith(`${submit.ledger} `) && forms.has(withKey(submit.words, submit.key)) ? [intent] : [],
    );
  const ownersOf = (id: string): readonly string[] => owners.get(id) ?? [];
  const mayOwn = (job: JobNote): readonly string[] => {
    const submit = job.submit === undefined ? undefined : submits[job.submit];
    const known = ownersOf(job.id);
    return known.length > 0 || !submit ? known : asked(submit);
  };
  const exchanged = new Set(
    history.entries.flatMap(({ job, proof }) => (job && (proof === 'count' || proof === 'human') ? [job] : [])),
  );
  const mayHaveSent = (job: JobNote): readonly string[] => {
    const submit = exchanged.has(job.id) && job.submit !== undefined ? submits[job.submit] : undefined;
    return submit ? asked(submit) : mayOwn(job);
  };
  const absent = (intent: string, from: number, until: number): number =>
    humans.filter((each) => keyOf(each) === intent && !each.job && each.at >= from && each.at <= until).length;
  const allowance = (intent: string): number =>
    1 + absent(intent, 0, Number.POSITIVE_INFINITY) + (proceeds.has(baseOf(intent)) ? 9 : 0);
  return {
    ...{ wordsOf, ownersOf, mayOwn, mayHaveSent, sendersOf: asked },
    job: (id) => jobs.get(id),
    ledgerOf: (intent) => intent.slice(0, intent.indexOf(' ')),
    hasJob: (intent) => [...owners.values()].some((each) => each.includes(intent)),
    unassigned: (edges) =>
      match(
        history.jobs.filter(({ kept, submit }) => kept && submit !== undefined),
        edges,
        allowance,
      ),
    allows: (intent, from, until) => proceeds.has(baseOf(intent)) || absent(intent, from, until) > 0,
    adopted: (intent, job) => humans.some((each) => keyOf(each) === intent && each.job === job),
    delivered: (job) =>
      deliveries.some((each) => each.job === job && each.ended !== undefined) ||
      told.some(({ what, jobs: got }) => what === 'picture' && got.includes(job)),
    names: (intent, job) =>
      told.findLast((each) => each.what === 'error' && keyOf(each) === intent)?.candidates.includes(job) ?? false,
  };
}

const withKey = (words: string, key: string | undefined): string => (key === undefined ? words : `${words} ${key}`);

function readWords({ entries }: History): Map<string, Set<string>> {
  const words = new Map<string, Set<string>>();
  for (const { type, words: form, key, ...whose } of entries) {
    if (type !== 'sending' || form === undefined) continue;
    const forms = words.get(keyOf(whose)) ?? new Set();
    words.set(keyOf(whose), forms.add(form).add(withKey(form, key)));
  }
  return words;
}

/** The ledger's word first; a caller who has a picture has it, whatever the ledger says. */
function readOwners({ entries, told, deliveries }: History): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  const add = (job: string, intent: string): void => {
    const known = owners.get(job) ?? [];
    const same = known.some((each) => each === intent || each.startsWith(`${intent}#`));
    if (!same) owners.set(job, [...known, intent]);
  };
  for (const entry of entries) if (entry.type === 'accepted' && entry.job) add(entry.job, keyOf(entry));
  for (const each of deliveries) add(each.job, keyOf(each));
  for (const each of told) if (!each.what.endsWith('error')) for (const job of each.jobs) add(job, keyOf(each));
  return owners;
}

/** Gives each job to an intent of its own, as far as that goes; returns the jobs that are left. */
function match(
  jobs: readonly JobNote[],
  edges: (job: JobNote) => readonly string[],
  room: (intent: string) => number,
): readonly JobNote[] {
  const held = new Map<string, JobNote[]>();
  const place = (job: JobNote, seen: Set<string>): boolean => {
    for (const intent of edges(job)) {
      if (seen.has(intent)) continue;
      seen.add(intent);
      const own = held.get(intent) ?? [];
      if (own.length < room(intent)) {
        held.set(intent, [...own, job]);
        return true;
      }
      for (const other of own) {
        if (!place(other, seen)) continue;
        held.set(intent, [...(held.get(intent) ?? []).filter((each) => each !== other), job]);
        return true;
      }
    }
    return false;
  };
  return jobs.filter((job) => !place(job, new Set()));
}
