import { head, literal } from './write.ts';

/** What the list says of its models beside their fields and prices, and what the tables say in its place. */
export interface Entries {
  /** Categories, each with the models that have it. */
  readonly types: readonly (readonly [type: string, ...ids: string[]])[];
  /** Where the list says that models are asked, if that is not under their ids. */
  readonly paths: Readonly<Record<string, string>>;
  /** Models that need a picture by the tables alone. */
  readonly assumed: readonly string[];
}

/** So that it can be told when the list says something else. */
export const writeEntries = ({ types, paths, assumed }: Entries): string =>
  `${head}/** The host's own categories, each with the models that have it. */
export const types: readonly (readonly [type: string, ...ids: string[]])[] = [
${types.map((each) => `  ${literal(each)},\n`).join('')}];

/** Where the list says that models are asked, if that is not under their ids. */
export const paths: Readonly<Record<string, string>> = ${literal(paths)};

/** Models that need a picture though the list does not demand one. */
export const assumed: readonly string[] = ${literal(assumed)};
`;
