import type { MaxCost, Task } from '@imageport/core';
import { tasks } from '@imageport/core/catalogue';
import { InvalidArgumentError, Option } from 'commander';
import { type Listing, openCatalogue, portableIds } from '../catalogue.ts';
import { addConfigFlag } from '../config-flag.ts';
import { hosts } from '../hosts.ts';
import type { Io } from '../io.ts';
import { toMaxCost } from '../max-cost.ts';
import { checkLists } from '../models/check-lists.ts';
import { type Ability, abilityNames, fits, isFiltered, type Wanted } from '../models/filter.ts';
import { printListing, printModel, toJson } from '../models/show.ts';
import { updateLists } from '../models/update-lists.ts';
import { didYouMean } from '../near.ts';
import type { AddCommand } from '../program.ts';
import { note, print, printJson } from '../terminal/write.ts';
import { refusal, usage } from '../usage.ts';

interface ModelsFlags {
  readonly provider?: string;
  readonly task?: Task;
  readonly takes?: readonly Ability[];
  readonly ratio?: string;
  readonly under?: MaxCost;
  readonly search?: string;
  readonly all?: boolean;
  readonly check?: boolean;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

export const addModels: AddCommand = (program, io, done) => {
  addConfigFlag(program.command('models'))
    .description('which host has which model, what it takes and what it costs')
    .argument('[id]', 'one model, with every field')
    .addOption(new Option('-p, --provider <host>', 'only of this host').choices(hosts.map(({ name }) => name)))
    .addOption(new Option('--task <what>', 'only for this').choices(tasks))
    .addOption(new Option('--takes <what...>', 'only what can be given this').choices(abilityNames))
    .option('--ratio <W:H>', 'only what makes this ratio, such as 16:9', toRatio)
    .option('--under <amount>', 'only what costs at most this, such as 0.05usd or 5credits', toMaxCost)
    .option('--search <words>', 'only ids that hold these words')
    .option('--all', 'those that only one host has under its own id, too')
    .addOption(
      new Option(
        '--check',
        "compare the tables with the hosts' own lists; free; exits with 1 where they differ",
      ).conflicts([...filters, 'update']),
    )
    .addOption(
      new Option('--update', "in a clone of the repository: write the tables out of the hosts' own lists").conflicts(
        filters,
      ),
    )
    .addOption(new Option('--force', 'with --update: also out of a list that lost more than a tenth of its models'))
    .option('--json', 'print one JSON object')
    .action(async (id: string | undefined, flags: ModelsFlags) => done(await models(id, flags, io)));
};

/** What chooses among the models of the tables says nothing of a host's whole list. */
const filters = ['task', 'takes', 'ratio', 'under', 'search', 'all'];

async function models(id: string | undefined, flags: ModelsFlags, io: Io): Promise<number> {
  const { json, all, check, update, force, config, ...wanted } = flags;
  if (force && !update) throw usage('--force goes with --update');
  if (check || update) {
    if (id !== undefined) throw usage(`--${check ? 'check' : 'update'} is about whole lists: leave "${id}" out`);
    if (check) return checkLists({ provider: wanted.provider, config, json }, io);
    return updateLists({ provider: wanted.provider, config, json, force }, io);
  }
  const listings = (await openCatalogue()).filter((listing) => fits(listing, wanted));
  if (id !== undefined) return showOne(io, id, { listings, json });
  if (json) printJson(io, toJsonList(listings));
  else if (all || isFiltered(wanted)) printAll(io, listings, wanted);
  else printPortable(io, listings);
  return 0;
}

function toRatio(text: string): string {
  if (/^[1-9]\d*:[1-9]\d*$/.test(text)) return text;
  throw new InvalidArgumentError('It must be W:H in whole numbers, such as 16:9.');
}

/** A portable id, a host's own, or "provider:model". */
function showOne(
  io: Io,
  id: string,
  { listings, json }: { listings: readonly Listing[]; json: boolean | undefined },
): number {
  const found = listings.filter(({ ids, native, provider }) =>
    [...ids, native].some((each) => [each, `${provider}:${each}`].includes(id)),
  );
  if (found.length === 0) {
    const near = didYouMean(
      id,
      listings.flatMap(({ ids, native }) => [...ids, native]),
    );
    throw refusal('not_found', `There is no model "${id}".${near} \`imageport models --search\` finds parts of a name`);
  }
  if (json) printJson(io, { id, hosts: found.map(toJson) });
  else for (const each of found) printModel(io, each);
  return 0;
}

function toJsonList(listings: readonly Listing[]): object {
  const models = portableIds(listings).map((id) => ({ id, hosts: hostsOf(listings, id).map(toJson) }));
  return { models, native: listings.filter(({ ids }) => ids.length === 0).map(toJson) };
}

function printPortable(io: Io, listings: readonly Listing[]): void {
  for (const id of portableIds(listings)) {
    print(io, id);
    for (const each of hostsOf(listings, id)) printListing(io, each, { isNamed: true });
  }
  const own = listings.filter(({ ids }) => ids.length === 0).length;
  print(io, '');
  print(io, `${own} more under their own ids: imageport models --search "nano banana", --takes references, --all`);
}

function printAll(io: Io, listings: readonly Listing[], wanted: Wanted): void {
  for (const each of listings) printListing(io, each);
  const hidden = wanted.under ? '; what has no listed price is left out' : '';
  note(io, `${listings.length} of the models that are known${hidden}.`);
}

const hostsOf = (listings: readonly Listing[], id: string): Listing[] => listings.filter(({ ids }) => ids.includes(id));
