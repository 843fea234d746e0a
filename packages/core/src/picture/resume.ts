import type { Call } from '../call.ts';
import { ImageError } from '../errors/image-error.ts';
import { hostAt } from '../host/host.ts';
import type { ImageModel, RouteModel } from '../host/provider.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { isHedge } from '../ledger/rules.ts';
import { awaitsRefund, billedOf, currentJob, inDoubt, phaseOf } from '../ledger/state.ts';
import type { ResumedIntent, ResumeImagesOptions } from '../resume.ts';
import { accountAt } from './address.ts';
import { askInTime } from './ask-in-time.ts';
import { confirmUnpaid } from './confirm.ts';
import { toFrame } from './generate.ts';
import { createPicture, type Picture } from './picture.ts';
import { knowModels } from './prepare.ts';
import { type Goal, runPicture } from './run.ts';

/** Finishes every open intent of the call's ledger. */
export async function resume(
  call: Call,
  models: readonly ImageModel[],
  deliver: ResumeImagesOptions['deliver'],
): Promise<ResumedIntent[]> {
  const frame = toFrame(call);
  const { ledger } = frame;
  const records: LedgerRecord[] = [];
  const reading = ledger.open()[Symbol.asyncIterator]();
  const read = () => askInTime(frame, () => reading.next(), { billed: 'no' });
  for (let page = await read(); !page.done; page = await read()) records.push(page.value);
  const resumed = await Promise.all(records.map((record) => resumeOne({ ...call, ledger }, record, models, deliver)));
  const errors = resumed.flatMap(({ error }) => error ?? []);
  const confirmed = await confirmUnpaid(errors, frame, hostAt(call.route[0].provider));
  const told = new Map(confirmed.map((error) => [error.intentId, error]));
  return resumed.map(({ error, ...rest }) => ({
    ...rest,
    ...(error ? { error: told.get(rest.intentId) ?? error } : {}),
  }));
}

async function resumeOne(
  call: Call & { readonly ledger: Ledger },
  record: LedgerRecord,
  models: readonly ImageModel[],
  deliver: ResumeImagesOptions['deliver'],
): Promise<ResumedIntent> {
  const { intent } = record;
  const { id: intentId } = intent;
  try {
    const state = foldRecord(record);
    // A hedge that was never sent has lost its reason.
    if (isHedge(intent) && phaseOf(state) === 'new')
      return await askInTime(toFrame(call), () => drop(call.ledger, intentId));
    const isOver = state.done || phaseOf(state) === 'closed';
    const goal = isOver && awaitsRefund(state).length > 0 ? 'refund' : 'unfinished';
    if (isOver && goal === 'unfinished') throw parked(record);

    const route = toRoute(record, models);
    const frame = toFrame(call);
    await knowModels(route, frame);
    const picture: Picture = createPicture(
      {
        ...frame,
        several: true,
        deliver: deliver && ((image, context) => (picture.replayed ? undefined : deliver(image, context))),
      },
      intent,
      0,
      route,
    );
    // Until it is held, others may go on with it: what its record says is the least that it cost.
    picture.state = state;
    picture.lost = true;
    const finished = await runPicture(picture, goal).catch(unlessOnlyLooked(goal));
    return { intentId, images: finished?.images ?? [] };
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    return { intentId, images: [], error: error.with({ intentId }) };
  }
}

/** That a job stays failed was told when it failed. */
const unlessOnlyLooked =
  (goal: Goal) =>
  (error: unknown): undefined => {
    if (goal !== 'refund' || !ImageError.is(error) || error.code !== 'job_failed') throw error;
  };

async function drop(ledger: Ledger, intentId: string): Promise<ResumedIntent> {
  const claim = await ledger.claim(intentId, crypto.randomUUID(), 10_000);
  if (claim) await ledger.append(intentId, claim.fence, { type: 'delivered', at: Date.now() });
  return { intentId, images: [] };
}

/** The models of the intent's own route, at the accounts that were given. */
export function toRoute(record: LedgerRecord, models: readonly ImageModel[]): RouteModel[] {
  const entries = record.intent.route;
  const state = foldRecord(record);
  const route = entries.flatMap(({ provider, modelId, account, overrides }) => {
    const sent = state.sends.findLast(({ fact: { target } }) => target.provider === provider)?.fact;
    const own = accountAt(models, provider, { account, origin: sent ? sent.origin : variedAt(record, provider) });
    return own ? [{ ...own(modelId), ...(account ? { account } : {}), ...(overrides ? { overrides } : {}) }] : [];
  });
  if (route.length > 0) return route;
  const names = entries.map(({ provider }) => provider).join(', ');
  const job = currentJob(state)?.job;
  throw new ImageError({
    code: 'not_found',
    message: `The intent belongs to ${names}: give \`models\` of that host to finish it`,
    billed: billedOf(state),
    stage: 'prepare',
    intentId: record.intent.id,
    ...(job ? { job } : {}),
  });
}

/** The address of the job at this host that is to be varied. */
const variedAt = ({ intent: { request } }: LedgerRecord, provider: string): string | undefined =>
  request.vary?.job.provider === provider ? request.vary.job.origin : undefined;

/** The request itself is done with; only an attempt that was left behind with an unknown outcome is still open. */
function parked(record: LedgerRecord): ImageError {
  const target = inDoubt(foldRecord(record))[0]?.fact.target;
  return new ImageError({
    code: 'submission_unknown',
    message: `${target?.provider}:${target?.modelId} may have accepted an earlier attempt of this intent. Check the host's job list, then settle the intent by hand.`,
    billed: 'unknown',
    stage: 'submit',
    intentId: record.intent.id,
  });
}
