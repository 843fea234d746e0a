import { ImageError } from '../errors/image-error.ts';
import { hostAt } from '../host/host.ts';
import type { RouteModel } from '../host/provider.ts';
import type { LedgerRecord } from '../ledger/facts.ts';
import { isSameEntry } from '../ledger/fingerprint.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { billedOf, currentJob, type Sending } from '../ledger/state.ts';
import { toEntry } from '../request/route-entries.ts';
import { elsewhere, isAt } from './address.ts';
import type { Picture } from './picture.ts';

/**
 * Which model of the route an earlier call had begun with, at an account that asks at the same address. Without it
 * nobody can tell what became of the money.
 */
export function findEntry({ route }: Picture, sending: Sending, record: LedgerRecord): number {
  const { target, origin } = sending;
  const isSame = (entry: RouteModel): boolean => isSameEntry(toEntry(entry), target);
  const isAlike = ({ provider, modelId, account }: RouteModel): boolean =>
    provider.adapter.name === target.provider && modelId === target.modelId && account === target.account;
  const find = (is: (entry: RouteModel) => boolean): number =>
    route.findIndex((entry) => is(entry) && isAt(hostAt(entry.provider), origin));
  const index = [find(isSame), find(isAlike)].find((found) => found >= 0);
  if (index !== undefined) return index;
  const other = route.find(isAlike);
  throw other ? atAnotherAddress(other, sending, record) : notInRoute(sending, record);
}

/**
 * Leaves out the accounts that cannot vary a job because they ask at another address. Throws where none is left and nothing was sent
 * yet: an intent stays open then, for an account that can.
 */
export function leaveOutElsewhere(picture: Picture, record: LedgerRecord, isSent: boolean): void {
  const { intent, route } = picture;
  const job = intent.request.vary?.job;
  if (!job) return;
  const isOwn = ({ provider }: RouteModel): boolean => provider.adapter.name === job.provider;
  const left = route.filter((entry) => !isOwn(entry) || isAt(hostAt(entry.provider), job.origin));
  if (left.some(isOwn)) picture.route = left;
  const other = route.find(isOwn);
  if (isSent || !other || left.some(isOwn)) return;
  const facts = { billed: billedOf(foldRecord(record)), intentId: intent.id };
  throw elsewhere(hostAt(other.provider), job, job.origin, facts);
}

function atAnotherAddress(model: RouteModel, { target, origin, attempt }: Sending, record: LedgerRecord): ImageError {
  const state = foldRecord(record);
  const own = state.jobs.findLast((each) => each.attempt === attempt)?.job;
  const facts = { billed: billedOf(state), job: own ?? currentJob(state)?.job, intentId: record.intent.id };
  return elsewhere(hostAt(model.provider), own ?? target, origin, facts);
}

function notInRoute({ target: { provider, modelId } }: Sending, record: LedgerRecord): ImageError {
  const job = foldRecord(record).jobs.at(-1)?.job;
  const message = `This intent was begun with ${provider}:${modelId}, which is not in the route; add it to go on`;
  const facts = job ? ({ billed: 'yes', job } as const) : ({ billed: 'unknown' } as const);
  return new ImageError({ code: 'not_found', message, stage: 'prepare', provider, model: modelId, ...facts });
}
