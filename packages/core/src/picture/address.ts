import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import type { ImageModel } from '../host/provider.ts';
import type { Sending } from '../ledger/state.ts';

/** Whether an account asks at the address where a job or a submit is; what was recorded without one is not known. */
export const isAt = (account: Pick<Host, 'origin'>, origin: string | undefined): boolean =>
  origin === undefined || origin === account.origin();

/** Throws where a job was accepted at another address than the account's: its key and its job belong elsewhere. */
export function checkAddress(host: Pick<Host, 'adapter' | 'origin'>, job: Job): void {
  if (!isAt(host, job.origin)) throw elsewhere(host, job, job.origin);
}

/** A job, or a submit that may have become one, which this account must not ask about. Nothing was sent. */
export function elsewhere(
  { adapter, origin }: Pick<Host, 'adapter' | 'origin'>,
  found: Job | Sending['target'],
  accepted: string | undefined,
): ImageError {
  const job = 'id' in found ? found : undefined;
  const what = job ? `job ${job.id} was accepted at` : 'the submit was sent to, and perhaps accepted at,';
  const isOwn = accepted === new URL(adapter.baseUrl).origin;
  const way = isOwn
    ? `leave out \`baseUrl\` and ${adapter.env.baseUrl}`
    : `set \`baseUrl\` or ${adapter.env.baseUrl} to it`;
  // A job that we did not submit may not exist.
  const billed: Billed = job?.submittedAt === undefined ? 'unknown' : 'yes';
  return new ImageError({
    code: 'invalid_request',
    reason: 'other_address',
    message: `${adapter.name}:${found.modelId}: ${what} ${accepted}, and this account asks ${origin()}, so nothing was sent. To go on, ${way}.`,
    ...{ billed, stage: 'prepare', provider: adapter.name, model: found.modelId },
    ...(job ? { job } : {}),
  });
}

/** The first account of a host that asks at this address, else the first one, which then says what is wrong. */
export function accountAt(
  models: readonly ImageModel[],
  provider: string,
  origin: string | undefined,
): ImageModel['provider'] | undefined {
  const accounts = models.map((each) => each.provider).filter(({ adapter }) => adapter.name === provider);
  return accounts.find((each) => isAt(each['~account'].account, origin)) ?? accounts[0];
}
