import type { ImageCheck } from '../check.ts';
import { ImageError } from '../errors/image-error.ts';
import { hostAt } from '../host/host.ts';
import type { Checked } from '../request/check.ts';
import { DeadlineReached, startDeadline } from '../time/deadline.ts';
import { askPrice, listedInstead, type Quote } from './quote.ts';

/** The same with the prices that the hosts themselves name. Sends nothing that costs, and throws the reason of an abort. */
export async function withQuotes(
  checked: readonly Checked[],
  timeout: number,
  aborted: AbortSignal | undefined,
): Promise<ImageCheck[]> {
  const { signal, dispose } = startDeadline(timeout, aborted);
  try {
    return await Promise.all(checked.map((each) => withQuote(each, signal)));
  } finally {
    dispose();
  }
}

async function withQuote({ model, check, prepared }: Checked, signal: AbortSignal): Promise<ImageCheck> {
  if (!prepared) return check;
  const host = hostAt(model.provider);
  const ask = async (): Promise<Quote> => {
    try {
      host.ready();
      return await askPrice(host, prepared, signal);
    } catch (error) {
      if (error instanceof DeadlineReached) return listedInstead(host, prepared, 'no answer came in time');
      if (ImageError.is(error)) return listedInstead(host, prepared, error.message);
      throw error;
    }
  };
  const { price, warning } = host.adapter.quote ? await ask() : { price: check.price };
  return { ...check, price, warnings: warning === undefined ? check.warnings : [...check.warnings, warning] };
}
