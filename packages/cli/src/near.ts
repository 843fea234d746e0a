import { nearTo } from '@imageport/core/catalogue';

/** The name that was probably meant, in words; empty where none is near. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const [best] = nearTo(name, [...names]);
  return best === undefined ? '' : ` Did you mean ${best}?`;
}
