import type { Client } from './adversary.ts';
import { createJob, glance, type HostJob, look } from './host-jobs.ts';
import { broken, type HostOptions, hostTime, mischiefOf, never, respond, type State, show } from './host-state.ts';
import { submit } from './host-submit.ts';
import { willOfRead } from './host-will.ts';
import type { Asked, Page, Wire, Words } from './host-words.ts';
import type { JobNote } from './notes.ts';
import { pause } from './virtual-time.ts';

export interface Host {
  readonly jobs: readonly JobNote[];
  /** From now on there are no faults any more. */
  calm(): void;
  answer(client: Client, wire: Wire, left: () => boolean): Promise<Response>;
}

const week = 7 * 86_400_000;

export function createHost(words: Words, options: HostOptions): Host {
  const state: State = { ...options, words, jobs: [], keys: new Map(), copied: new Set(), isCalm: false };
  addStrangers(state);
  return {
    jobs: state.jobs,
    calm: () => {
      state.isCalm = true;
    },
    async answer(client, wire, left) {
      const asked = words.read(wire);
      state.count(`${asked.kind}${asked.kind === 'list' && asked.page.from > 0 ? ', further pages' : ''}`);
      if (asked.kind === 'submit') return submit(state, { client, wire, left, path: asked.path });
      await pause(state.random.between(20, 400));
      return read(state, asked, left);
    },
  };
}

/** Many come at once, as from another program's loop: then a page of the list shows nothing else. */
function addStrangers(state: State): void {
  const { random, words, strangers } = state;
  const burst = strangers > 100 ? random.between(-10_000, 60_000) : undefined;
  for (let nth = 0; nth < strangers; nth += 1) {
    const body = { prompt: `something else ${nth}` };
    const fresh = { id: words.newId(random), host: words.name, words: '', model: '', body, submit: undefined };
    const madeAt = burst === undefined ? random.between(-300_000, 600_000) : burst + random.between(0, 15_000);
    state.jobs.push(createJob(random, { ...fresh, madeAt }, 'tame'));
  }
}

async function read(state: State, asked: Asked, left: () => boolean): Promise<Response> {
  const { random, words } = state;
  const will = willOfRead(random, mischiefOf(state));
  if (will === 'hang') return never();
  if (will === 'reset') throw broken('ECONNRESET');
  if (will === 'error') return respond(state, random.pick([500, 503, 504]), words.refusal(503, 'busy'));
  if (will === 'page') return respond(state, 200, '<html>maintenance</html>');
  if (will === 'slow down') return respond(state, 429, words.refusal(429, 'slow down'), { 'retry-after': '3' });
  if (asked.kind === 'free') return respond(state, 200, asked.body);
  if (asked.kind === 'list') return respond(state, 200, list(state, asked.page));
  if (asked.kind === 'billing') return respond(state, 200, bill(state, asked.ids));
  const job = asked.kind === 'poll' ? find(state, asked.id) : undefined;
  if (!job) return respond(state, 404, words.refusal(404, 'not found'));
  const [other = job] = state.jobs;
  if (will === "another's") return respond(state, 200, tell(state, other, glance(other, other.startsAt)));
  const view = will === 'earlier' ? glance(job, job.startsAt) : look(job, state.now());
  if (left()) return never();
  if (view.status === 'failed' && job.completes) state.count('poll: failed, for once');
  const body = tell(state, job, view);
  return respond(state, 200, will === 'unknown' ? rename(body) : body);
}

const tell = (state: State, job: HostJob, view: ReturnType<typeof look>): unknown =>
  state.words.job(show(state, job, view), state.tellsInputs);

/** A status that no page names. */
const rename = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body).replace(/("status":")(?!completed|COMPLETED|failed|FAILED)\w+"/, '$1paused"'));

const find = (state: State, id: string): HostJob | undefined =>
  state.jobs.find((job) => job.id === id && job.knownFrom <= state.now());

function list(state: State, page: Page): unknown {
  const now = state.now();
  const { model, status, since, until, from, size } = page;
  const isListed = (job: HostJob): boolean => {
    const madeAt = hostTime(state, job.madeAt);
    const inTime = job.listedFrom <= now && job.madeAt > now - week && madeAt >= since && madeAt <= until;
    return inTime && (model === undefined || job.model === model || job.model === '');
  };
  const isAsked = (job: HostJob): boolean =>
    status === undefined || JSON.stringify(tell(state, job, glance(job, now))).includes(`"${status}"`);
  const all = state.jobs.filter((job) => isListed(job) && isAsked(job)).sort((one, other) => other.madeAt - one.madeAt);
  const shown = all.slice(from, from + size).map((job) => show(state, job, glance(job, now)));
  return state.words.list(shown, page, all.length > from + size);
}

function bill(state: State, ids: readonly string[]): unknown {
  const jobs = state.jobs.filter(({ id }) => ids.includes(id));
  return state.words.billing(jobs.map((job) => show(state, job, glance(job, state.now()))));
}
