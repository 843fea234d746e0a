import type { Job } from '../contract/job.ts';
import type { Billed } from '../contract/result.ts';
import { ImageError, type ImageErrorOptions } from '../errors/image-error.ts';
import type { Host } from '../host/host.ts';
import type { ImageModel, Provider } from '../host/provider.ts';
import type { Sending } from '../ledger/state.ts';
import { accountsAt } from '../request/target.ts';

/** Whether an account asks at the address where a job or a submit is; what was recorded without one is not known. */
export const isAt = (account: Pick<Host, 'origin'>, origin: string | undefined): boolean =>
  origin === undefined || origin === account.origin();

/**
 * Throws where a job was accepted at another address than the account's: its key and its job belong elsewhere. `billed`: what was
 * spent on what is asked now, by default the job itself.
 */
export function checkAddress(host: Pick<Host, 'adapter' | 'origin'>, job: Job, billed = billedFor(job)): void {
  if (isAt(host, job.origin)) return;
  throw elsewhere(host, job, job.origin, billed === 'no' ? { billed } : { billed, job });
}

/** A job that we did not submit may not exist. */
const billedFor = ({ submittedAt }: Job): Billed => (submittedAt === undefined ? 'unknown' : 'yes');

/** A job, or a submit that may have become one, which this account must not ask about. Nothing was sent. */
export const elsewhere = (
  { adapter: { name, env }, origin }: Pick<Host, 'adapter' | 'origin'>,
  found: Job | Sending['target'],
  accepted: string | undefined,
  facts: Pick<ImageErrorOptions, 'billed' | 'job' | 'intentId'>,
): ImageError =>
  new ImageError({
    code: 'invalid_request',
    reason: 'other_address',
    stage: 'prepare',
    message: `${name}:${found.modelId}: ${'id' in found ? `job ${found.id} was` : 'the submit was sent to, and perhaps'} accepted at ${accepted}, and this account asks ${origin()}, so nothing was sent. Set \`baseUrl\` or ${env.baseUrl} to the former to go on.`,
    provider: name,
    model: found.modelId,
    ...facts,
  });

/** The account of a host that an entry names, or another one at the right address; else the former, which then says what is wrong. */
export function accountAt(
  models: readonly ImageModel[],
  provider: string,
  { account = 0, origin }: { readonly account?: number | undefined; readonly origin: string | undefined },
): Provider | undefined {
  const accounts = accountsAt(models, provider);
  const own = accounts[account];
  const isThere = (each: Provider): boolean => isAt(each['~account'].account, origin);
  return own && !isThere(own) ? (accounts.find(isThere) ?? own) : own;
}
