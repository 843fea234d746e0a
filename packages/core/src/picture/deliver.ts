import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Cost } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { createImage, type GeneratedImage } from '../image/picture.ts';
import type { PictureSource } from '../image/read-picture.ts';
import { bucketOf } from '../schedule/schedule.ts';
import { describeExchange, mostOutputs, outputsOf, readSnapshot } from './answer.ts';
import { learn } from './log.ts';
import { elapsed, hostOf, modelOf, type Picture, remaining, warn } from './picture.ts';
import { errorOf } from './project.ts';
import { guard, Interrupted, isInterrupted, sinceAccepted } from './wait.ts';

/** Hands the finished pictures over and closes the intent once the caller has them. */
export async function deliver(
  picture: Picture,
  job: Job,
  snapshot: JobSnapshot,
  cost: Cost,
): Promise<readonly GeneratedImage[]> {
  const { frame, intent } = picture;
  noteStats(picture, cost);
  // Without `deliver` a ledger that outlives the process keeps the intent open until the bytes have been read.
  const isUnread = !frame.deliver && frame.ledger.durability !== 'none';
  const isEarly = !frame.isManual && isUnread && !picture.replayed;
  // What `deliver` downloads belongs to the call, and ends with it.
  let isOpen = frame.deliver !== undefined;
  const call = () => (isOpen ? { left: remaining(picture), signal: frame.signal } : undefined);
  const images = toImages(picture, job, snapshot, { isEarly, call });
  const { adapter } = modelOf(picture).provider;
  const who = { job, provider: adapter.name, modelId: modelOf(picture).modelId };
  try {
    if (!frame.deliver && images.length > 0 && isInterrupted(picture)) throw new Interrupted();
    if (frame.deliver) {
      const context = { intentId: intent.id };
      for (const image of images) await guard(picture, Promise.resolve(frame.deliver(image, context)));
    }
  } catch (error) {
    throw undelivered(picture, job, error);
  } finally {
    isOpen = false;
  }
  if (!isEarly && !frame.isManual) await learn(picture, { type: 'delivered', at: Date.now() });
  picture.emit({ type: 'settled', outcome: 'completed', billed: 'yes', cost, ...who });
  return images;
}

function noteStats(picture: Picture, cost: Cost): void {
  const { provider, modelId } = modelOf(picture);
  if (picture.submits === 0) return;
  // An answer that brought the picture at once was the wait itself.
  const duration = picture.polls === 0 ? elapsed(picture) - picture.begun : sinceAccepted(picture);
  hostOf(picture).stats.note(bucketOf(provider.adapter.name, modelId, picture.intent.request), duration, cost);
}

function toImages(
  picture: Picture,
  job: Job,
  snapshot: JobSnapshot,
  { isEarly, call }: { readonly isEarly: boolean } & Pick<PictureSource, 'call'>,
): readonly GeneratedImage[] {
  const host = hostOf(picture);
  const outputs = outputsOf(snapshot);
  if (outputs.length < snapshot.outputs.length) {
    warn(
      picture,
      `${job.provider} named ${snapshot.outputs.length} pictures for job ${job.id}; only ${mostOutputs} are followed`,
    );
  }
  const seed = picture.state.sends.findLast(({ fact }) => fact.seed !== undefined)?.fact.seed;
  let unread = outputs.length;
  const read = (): void => {
    unread -= 1;
    if (isEarly && unread === 0) void closeLate(picture);
  };
  return outputs.map((output, index) =>
    createImage({
      ...{ output, job, seed, transport: host.transport, local: host.isLocal() },
      redactError: host.transport.redactError,
      call,
      onRead: once(read),
      onCut: () => warnOf(picture, `the picture of job ${job.id} has no end: it is shown as far as it goes`),
      onDownload: () => picture.emit({ type: 'downloading', job }),
      enter: (signal) => host.scheduler.enter('download', signal),
      refresh: (signal) => freshUrl(picture, job, index, signal),
    }),
  );
}

/** For the result, if there is none yet, and at once. */
function warnOf(picture: Picture, message: string): void {
  warn(picture, message);
  picture.emit({ type: 'warning', message });
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/** The caller has read every picture: the intent is delivered, unless somebody else has taken it up meanwhile. */
async function closeLate({ frame, intent, owner }: Picture): Promise<void> {
  try {
    const claim = await frame.ledger.claim(intent.id, owner, 10_000);
    if (claim) await frame.ledger.append(intent.id, claim.fence, { type: 'delivered', at: Date.now() });
    await frame.ledger.claim(intent.id, owner, 0);
  } catch {
    // It stays open and is offered again.
  }
}

/** Addresses run out: the host may have a fresh one. */
async function freshUrl(picture: Picture, job: Job, index: number, signal: AbortSignal): Promise<string | undefined> {
  const host = hostOf(picture);
  const last = picture.state.jobs.find((each) => each.job.id === job.id)?.snapshot;
  const exchange = await host.ask(host.adapter.toPoll(job.id, last), signal);
  const snapshot = readSnapshot(host.adapter, exchange, { purpose: 'poll', jobId: job.id });
  if (snapshot?.id !== job.id) throw new Error(describeExchange(exchange, snapshot));
  return snapshot.outputs[index]?.url;
}

/** One picture that cannot be delivered must not keep the others from it. Its intent stays open. */
function undelivered(picture: Picture, job: Job, cause: unknown): unknown {
  if (picture.aborted) return picture.aborted.reason;
  if (cause instanceof Interrupted) return errorOf(picture, { code: 'timeout' }).with({ stage: 'download', job });
  const { intent, attempts } = picture;
  // Of this very picture; what else the caller's code threw says nothing about it.
  if (ImageError.is(cause) && cause.stage === 'download' && cause.job?.id === job.id)
    return cause.with({ billed: 'yes', intentId: intent.id, attempts: [...attempts] });
  const said = cause instanceof Error ? hostOf(picture).quote(cause.message) : 'it gave no reason';
  return new ImageError({
    ...{ code: 'unavailable', reason: 'not_saved', billed: 'yes', stage: 'download' },
    message: `The picture of intent ${intent.id} was not delivered: ${said}. It is paid, and stays open`,
    ...{ intentId: intent.id, cause, job, provider: job.provider, model: job.modelId, attempts: [...attempts] },
  });
}
