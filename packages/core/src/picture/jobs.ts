import type { Call } from '../call.ts';
import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import { classifyPoll, effectiveStatus } from '../errors/classify.ts';
import type { ImageError } from '../errors/image-error.ts';
import { hostAt } from '../host/host.ts';
import type { ImageModel } from '../host/provider.ts';
import { createImage } from '../image/picture.ts';
import type { Intent, LedgerRecord } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { currentJob, hasFailed } from '../ledger/state.ts';
import type { JobStatus } from '../steps.ts';
import { DeadlineReached, startDeadline } from '../time/deadline.ts';
import { checkAddress } from './address.ts';
import { describeExchange, exchangeFacts, failure, outputsOf, readSnapshot } from './answer.ts';
import { askInTime } from './ask-in-time.ts';
import { toFrame } from './generate.ts';
import { createPicture, type Frame } from './picture.ts';
import { runPicture } from './run.ts';

/** A poll answer may carry the picture itself. */
const maxBytes = 128 * 1024 * 1024;

/** One poll, or two where status and result lie apart. */
export async function poll(model: ImageModel, job: Job, call: Call): Promise<JobStatus> {
  const { timeout, signal } = call;
  const host = hostAt(model.provider);
  host.ready();
  checkAddress(host, job);
  const subject = { host, modelId: model.modelId, prompt: '' };
  // A job that we did not submit may not exist.
  const billed: Billed = job.submittedAt === undefined ? 'unknown' : 'yes';
  const facts = { billed, stage: 'poll', job } as const;
  const deadline = startDeadline(timeout, signal);
  try {
    let last: JobSnapshot | undefined;
    while (true) {
      const exchange = await host.ask(host.adapter.toPoll(job.id, last), deadline.signal, { maxBytes });
      deadline.signal.throwIfAborted();
      const snapshot = readSnapshot(host.adapter, exchange, { purpose: 'poll', jobId: job.id });
      if (snapshot?.id === job.id && snapshot.more && !last) last = snapshot;
      else if (snapshot?.id === job.id) return toStatus(model, job, snapshot, call);
      else
        throw failure(subject, codeOf(exchange.status, snapshot), describeExchange(exchange, snapshot), {
          ...exchangeFacts(exchange),
          ...facts,
          ...(codeOf(exchange.status, snapshot) === 'not_found' ? { reason: 'job_not_found' } : {}),
        });
    }
  } catch (error) {
    if (!(error instanceof DeadlineReached)) throw error;
    throw failure(subject, 'timeout', 'while waiting for the job', facts);
  } finally {
    deadline.dispose();
  }
}

const codes = { again: 'unavailable', missing: 'not_found', gone: 'result_expired' } as const;

function codeOf(status: number | undefined, snapshot: JobSnapshot | undefined): ImageError['code'] {
  const verdict = classifyPoll(status && effectiveStatus(status, snapshot?.code));
  return verdict === 'unauthenticated' ? verdict : codes[verdict];
}

/** Waits for the picture of a job. */
export async function wait(model: ImageModel, job: Job, call: Call): Promise<JobStatus> {
  const host = hostAt(model.provider);
  host.ready();
  checkAddress(host, job);
  const frame = toFrame(call);
  const record = call.ledger && (await findWaiting(frame, call.ledger, job));
  const intent = record?.intent ?? toIntent(model, job);
  const ledger = record && call.ledger ? call.ledger : ledgerOf(intent, job);
  const finished = await runPicture(
    createPicture({ ...frame, ledger, isNamed: record !== undefined, submits: false }, intent, 0, [model]),
  );
  const { snapshot, images } = finished;
  return { ...describe(model, job, snapshot), images };
}

/** The record that still waits for this very job. Without one the job is only polled, whatever became of its intent. */
async function findWaiting(frame: Frame, ledger: Ledger, job: Job): Promise<LedgerRecord | undefined> {
  const [record] = await askInTime(frame, () => ledger.find({ job }));
  const state = record && foldRecord(record);
  const own = state && !state.done && currentJob(state);
  return own && own.job.id === job.id && !hasFailed(own) ? record : undefined;
}

/** What the job was asked for is not known here: its answer may carry the picture itself. */
function toIntent(model: ImageModel, job: Job): Intent {
  const request = { prompt: '', images: [], fit: 'exact', responseFormat: 'base64', providerOptions: {} } as const;
  const route = [{ provider: model.provider.adapter.name, modelId: model.modelId }];
  return { id: job.id, createdAt: Date.now(), request, route };
}

/** A log that holds nothing but the job, for one that no ledger knows. */
function ledgerOf(intent: Intent, job: Job): Ledger {
  const record = { intent, events: [{ type: 'accepted', at: intent.createdAt, job }] as const };
  return {
    durability: 'none',
    begin: async () => ({ created: true, record, fence: 0 }),
    claim: async () => ({ fence: 0, record }),
    append: async () => undefined,
    async *open() {},
    find: async () => [],
  };
}

function describe(model: ImageModel, job: Job, snapshot: JobSnapshot): Omit<JobStatus, 'images'> {
  const { state, progress, cost = { source: 'unknown' }, message } = snapshot;
  return { job, state, progress, cost, message: message && hostAt(model.provider).quote(message) };
}

function toStatus(model: ImageModel, job: Job, snapshot: JobSnapshot, call: Call): JobStatus {
  const host = hostAt(model.provider);
  const done = snapshot.state === 'completed';
  const images = outputsOf(snapshot).map((output, index) =>
    createImage({
      ...{ output, job, seed: undefined, transport: host.transport, local: host.isLocal() },
      redactError: host.transport.redactError,
      enter: (signal) => host.scheduler.enter('download', signal),
      refresh: async (signal) => (await poll(model, job, { ...call, signal })).images[index]?.url,
    }),
  );
  return { ...describe(model, job, snapshot), images: done ? images : [] };
}
