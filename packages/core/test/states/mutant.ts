/** One rule taken out: of the sources (in a copy of them), or of the environment of the walk. */
export interface Mutant {
  /** Of `engine.md`, section 5. */
  readonly rule: string;
  readonly edits?: readonly (readonly [file: string, find: string, replace: string])[];
  readonly without?: string;
  /** Where it is looked for first. */
  readonly world: string;
  /** Why nothing is lost or paid without it, where that is so. */
  readonly survives?: string;
}
