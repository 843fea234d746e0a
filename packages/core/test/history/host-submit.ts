import type { Client } from './adversary.ts';
import { createJob, glance, type HostJob } from './host-jobs.ts';
import { broken, mischiefOf, never, respond, type State, show } from './host-state.ts';
import { type SubmitWill, willOfSubmit } from './host-will.ts';
import type { Wire } from './host-words.ts';
import { type SubmitNote, toWords } from './notes.ts';
import { pause } from './virtual-time.ts';

interface Question {
  readonly client: Client;
  readonly wire: Wire;
  readonly path: string;
  /** The sender does not listen any more. */
  readonly left: () => boolean;
}

const day = 86_400_000;

/** Takes a request to make a picture, or does not, and tells the truth, or does not. */
export async function submit(state: State, question: Question): Promise<Response> {
  const { random } = state;
  const note = noteDown(state, question);
  if (random.chance(mischiefOf(state) * 0.04)) {
    note.told = 'unconnected';
    throw broken('ECONNREFUSED', { syscall: 'connect' });
  }
  await pause(random.between(20, 200));
  const given = state.taken(question.client.ledger);
  // A failed one may be this very intent's earlier attempt, of which a wrong answer cannot be told from a right one.
  const taken = state.jobs.flatMap(({ id, completes }) => (completes && given.includes(id) ? [id] : []));
  const will = willOfSubmit(random, mischiefOf(state), taken.length > 0, state.without);
  state.count(`submit: ${will.accept === 'now' ? 'accepted' : will.accept}, ${will.answer}`);
  if (will.answer !== 'refusal') addEqual(state, note, question.wire);
  const job = will.accept === 'now' ? accept(state, note, question.wire) : undefined;
  if (will.accept === 'late') {
    state.count('late');
    setTimeout(() => accept(state, note, question.wire), random.between(1_000, random.pick([5_000, 60_000, 500_000])));
  }
  await pause(random.between(20, random.pick([300, 300, 300, 20_000])));
  if (question.left()) return never();
  if (will.answer !== 'job' || !job) return mislead(state, note, { will, own: job, taken });
  note.told = 'job';
  return receipt(state, job);
}

const receipt = (state: State, job: HostJob): Response => {
  const [, view] = show(state, job, glance(job, state.now()));
  return respond(state, state.words.accepted, state.words.receipt(job, view));
};

function noteDown({ submits, words, now }: State, { client, wire, path }: Question): SubmitNote {
  const from = { host: words.name, ledger: client.ledger, client: client.name };
  const what = { words: toWords(words.name, path, wire.body), key: wire.key, at: now() };
  const note: SubmitNote = { n: submits.length, ...from, ...what, told: 'nothing', job: undefined };
  submits.push(note);
  return note;
}

/** A key that is remembered leads to its job; everything else is a new job, and a new charge. */
function accept(state: State, note: SubmitNote, wire: Wire): HostJob {
  const { random, words, keys, without } = state;
  const { key } = wire;
  const madeAt = state.now();
  const known = words.name === 'apiframe' && key ? keys.get(key) : undefined;
  if (known && madeAt - known.at < day) {
    note.job = known.job.id;
    return known.job;
  }
  const fresh = { host: words.name, words: note.words, model: modelOf(state, wire), body: wire.body, madeAt };
  const job = createJob(random, { ...fresh, id: words.newId(random), submit: note.n }, state.isCalm ? 'tame' : without);
  state.jobs.push(job);
  note.job = job.id;
  if (key) keys.set(key, { job, at: madeAt });
  return job;
}

/** Somebody else asks for the same thing: before anything of ours, or, where the account is shared, around it. */
function addEqual(state: State, note: SubmitNote, wire: Wire): void {
  const { random, words, copied, seeds } = state;
  if (copied.has(note.words) || !random.chance(0.3)) return;
  copied.add(note.words);
  const { body } = wire;
  const marked = typeof body.seed === 'number' && !seeds.includes(body.seed);
  const old = -random.between(60_000, 600_000);
  const around = state.now() + random.between(-1_500, 20_000);
  const choices = [...(state.oldEqual ? [old] : []), ...(state.strangersEqual ? [around] : [])];
  const madeAt = choices[random.between(0, choices.length - 1)];
  if (madeAt === undefined) return;
  const theirs = marked ? { ...body, seed: random.between(0, 2 ** 31 - 1) } : body;
  const fresh = { host: words.name, words: '', model: modelOf(state, wire), submit: undefined };
  state.jobs.push(createJob(random, { ...fresh, body: theirs, madeAt, id: words.newId(random) }, 'tame'));
}

const modelOf = ({ words }: State, { url, body }: Wire): string =>
  words.name === 'wavespeed' ? url.pathname.replace(/^\/api\/v3\//, '') : String(body.model);

interface Misleading {
  readonly will: SubmitWill;
  readonly own: HostJob | undefined;
  readonly taken: readonly string[];
}

function mislead(state: State, note: SubmitNote, { will, own, taken }: Misleading): Response | Promise<Response> {
  const { random, words } = state;
  const { status } = will;
  const error = (id = ''): Response =>
    respond(state, status, { ...Object(words.refusal(status, 'internal error')), id, jobId: id });
  const wrong = taken[random.between(0, taken.length - 1)];
  switch (will.answer) {
    case 'refusal':
      note.told = 'refused';
      return refuse(state, status);
    case 'taken job': {
      const other = state.jobs.find(({ id }) => id === wrong);
      if (!other) break;
      note.told = 'foreign';
      return receipt(state, other);
    }
    case 'hang':
      return never();
    case 'error':
      return respond(state, status, words.refusal(status, 'upstream error'));
    case 'error, odd id':
      return error(words.newId(random));
    case 'error, taken id':
      return error(wrong);
    case 'error, own id':
      return error(own?.id);
    case 'half':
      return respond(state, words.accepted, own ? half(state, own) : '');
    case 'page':
      return respond(state, random.pick([200, 502]), '<html><h1>One moment, please</h1></html>');
    case 'empty':
      return respond(state, random.pick([200, 204]), '');
  }
  throw broken('ECONNRESET');
}

/** The answer breaks off in the middle of the id. */
function half(state: State, job: HostJob): string {
  const text = JSON.stringify(state.words.receipt(job, glance(job, state.now())));
  return text.slice(0, text.indexOf(job.id) + 9);
}

function refuse(state: State, status: number): Response {
  const { random, words } = state;
  const inEnvelope = words.name === 'wavespeed' && random.chance(0.3);
  const hint: Record<string, string> = status === 429 ? { 'retry-after': '2' } : {};
  return respond(state, inEnvelope ? 200 : status, words.refusal(status, `refused with ${status}`), hint);
}
