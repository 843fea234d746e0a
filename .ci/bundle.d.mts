/** A package that is published, with its manifest as published. */
export interface Published {
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
}
/** The published packages of the workspace at `root`. */
export function published(root: string): Published[];
/** Writes the JavaScript of a package into a folder: a file for each entry, and what entries share. */
export function bundle(published: Published, into: string): Promise<void>;
