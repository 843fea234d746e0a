import { describeField } from '@imageport/core/catalogue';
import { describeGeometry, describeImages, type Listing } from '../catalogue.ts';
import type { Io } from '../io.ts';
import { print, widthOf } from '../terminal/write.ts';
import { showAmount } from '../words.ts';

/** One model in a few lines: where it is, what it takes, what it costs. */
export function printListing(io: Io, listing: Listing, { isNamed = false } = {}): void {
  const { provider, native } = listing;
  const width = widthOf(io);
  // Where models are not listed by their portable ids, each says its own.
  const portable = isNamed || listing.ids.length === 0 ? '' : ` (${listing.ids.join(', ')})`;
  const [name, price] = [`  ${provider}  ${native}${portable}`, describePrice(listing)];
  for (const line of name.length + price.length + 2 > width ? [name, `    ${price}`] : [`${name}  ${price}`]) {
    print(io, line);
  }
  for (const line of wrap(factsOf(listing).join(', '), width - 4)) print(io, `    ${line}`);
}

/** Of which the host's list says that it is there, and nothing more. */
const isUnknown = ({ partly, fields }: Listing): boolean =>
  partly && Object.keys(fields).every((name) => name === 'prompt');

function factsOf(listing: Listing): string[] {
  const { accepts, task, gone, partly } = listing;
  const { scales, prompt } = accepts;
  return [
    ...(gone ? [`no longer in the host's list since ${gone.by} at the latest`] : []),
    ...(task === 'generate' ? [] : [task]),
    ...(isUnknown(listing) ? ['what it takes is not known'] : []),
    ...(accepts.geometry || (task === 'generate' && !isUnknown(listing)) ? describeGeometry(accepts.geometry) : []),
    ...(scales ? [`${scales.join(' or ')} times as large`] : []),
    ...(prompt === 'none' ? ['no prompt'] : []),
    ...(accepts.seed ? ['seed'] : []),
    ...(accepts.promptExpansion ? ['prompt expansion'] : []),
    ...(accepts.outputFormats ? [accepts.outputFormats.join(' or ')] : []),
    ...describeImages(accepts),
    ...(accepts.mask ? ['mask'] : []),
    ...(partly && !isUnknown(listing) ? ['other fields may exist'] : []),
  ];
}

/** One model with every field. */
export function printModel(io: Io, listing: Listing): void {
  printListing(io, listing);
  const { price, fields, required } = listing;
  if (price?.least.asOf) print(io, `    prices of ${price.least.asOf}`);
  for (const [name, spec] of Object.entries(fields)) {
    const usual = 'default' in spec && spec.default !== undefined ? `, default ${spec.default}` : '';
    print(io, `    ${name}: ${describeField(spec)}${usual}${required.includes(name) ? ', needed' : ''}`);
  }
}

/** What else there is to say of a price. */
const reserves = {
  unknown: ', with other choices unknown',
  more: ' and more',
  about: ', about',
};

/** "0.01 to 0.25 USD, 0.06 with nothing but a prompt". */
function describePrice({ price, accepts }: Listing): string {
  if (!price) return 'price unknown';
  const { usual, least, most, but } = price;
  const isOne = least.amount === most.amount;
  const amounts = `${isOne ? '' : `${least.amount} to `}${showAmount(most.amount, most.currency)}`;
  const isBetween = !isOne && usual.source !== 'unknown' && ![least.amount, most.amount].includes(usual.amount);
  const given = accepts.prompt === 'none' ? 'the picture' : 'a prompt';
  return `${amounts}${but ? reserves[but] : ''}${isBetween ? `, ${usual.amount} with nothing but ${given}` : ''}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const toJson = ({
  provider,
  native,
  accepts,
  price,
  task,
  gone,
  fields,
  required,
  partly,
}: Listing): object => ({
  ...{ provider, native, task, price: price ? { ...price, but: price.but ?? null } : null, gone: gone ?? null },
  prompt: accepts.prompt ?? 'required',
  geometry: accepts.geometry ?? null,
  scales: accepts.scales ?? [],
  images: accepts.images
    ? { ...accepts.images, max: accepts.images.max === Infinity ? null : accepts.images.max }
    : { min: 0, max: 0 },
  mask: accepts.mask ?? null,
  seed: accepts.seed ?? false,
  promptExpansion: accepts.promptExpansion ?? false,
  outputFormats: accepts.outputFormats ?? [],
  fields: Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, describeField(spec)])),
  required,
  partly,
});
