export interface Installed {
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly license?: string;
    readonly scripts?: Readonly<Record<string, string>>;
  };
}
/** The package in a folder and all that it depends on, by name. Optional ones are there if this system has them. */
export function closure(folder: string, found?: Map<string, Installed>): Map<string, Installed>;
