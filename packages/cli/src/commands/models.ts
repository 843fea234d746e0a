import type { Cost } from '@imageport/core';
import { catalogue, describeGeometry, describeImages, type Listing, portableIds } from '../catalogue.ts';
import type { Io } from '../io.ts';
import type { AddCommand } from '../program.ts';
import { print, printJson, widthOf } from '../terminal/write.ts';
import { showAmount } from '../words.ts';

export const addModels: AddCommand = (program, io, done) => {
  program
    .command('models')
    .description('which host has which model, what it takes and what it costs')
    .option('--json', 'print one JSON object')
    .action((flags: { json?: boolean }) => {
      listModels(io, flags.json ?? false);
      done(0);
    });
};

function listModels(io: Io, json: boolean): void {
  const listings = catalogue();
  const ids = portableIds(listings);
  const native = listings.filter((each) => each.ids.length === 0);
  const hostsOf = (id: string): Listing[] => listings.filter((each) => each.ids.includes(id));
  if (json) {
    const models = ids.map((id) => ({ id, hosts: hostsOf(id).map(toJson) }));
    printJson(io, { models, native: native.map(toJson) });
    return;
  }
  for (const id of ids) {
    print(io, id);
    for (const each of hostsOf(id)) printListing(io, each, widthOf(io));
  }
  print(io, '');
  print(io, 'Under their own ids only (imageport models --json has more):');
  for (const each of native) print(io, `  ${each.provider}:${each.native}`);
}

function printListing(io: Io, { provider, native, accepts, prices }: Listing, width: number): void {
  const [name, price] = [`  ${provider}  ${native}`, describePrices(prices)];
  for (const line of name.length + price.length + 2 > width ? [name, `    ${price}`] : [`${name}  ${price}`]) {
    print(io, line);
  }
  const facts = [
    ...describeGeometry(accepts.geometry),
    ...(accepts.seed ? ['seed'] : []),
    ...(accepts.promptExpansion ? ['prompt expansion'] : []),
    ...(accepts.outputFormats ? [accepts.outputFormats.join(' or ')] : []),
    ...describeImages(accepts),
  ];
  for (const line of wrap(facts.join(', '), width - 4)) print(io, `    ${line}`);
}

function describePrices(prices: readonly Cost[]): string {
  const amounts = prices.flatMap((cost) => (cost.source === 'unknown' ? [] : showAmount(cost.amount, cost.currency)));
  return amounts.length ? amounts.join(' or ') : 'price unknown';
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

const toJson = ({ provider, native, accepts, prices }: Listing): object => ({
  provider,
  native,
  prices,
  geometry: accepts.geometry ?? null,
  images: accepts.images ?? { min: 0, max: 0 },
  seed: accepts.seed ?? false,
  promptExpansion: accepts.promptExpansion ?? false,
  outputFormats: accepts.outputFormats ?? [],
});
