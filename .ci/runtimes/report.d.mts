interface Check {
  readonly name: string;
  readonly problem?: string | undefined;
}
export interface Runtime {
  readonly name: string;
  /** Its program, if this machine has it. */
  readonly find: () => string | undefined;
  readonly version: (program: string) => Promise<string | undefined>;
  readonly run: (program: string, prepared: unknown) => Promise<Check[]>;
  /** What is missing if it is not found, in words. */
  readonly missing: string;
}
export interface Row {
  readonly name: string;
  readonly left?: string;
  readonly version?: string | undefined;
  readonly passed?: number;
  readonly failed?: readonly Check[];
}
/** Runs the checks in one runtime. */
export function take(runtime: Runtime, prepared: unknown): Promise<Row>;
/** What is printed about it. */
export function linesOf(row: Row): string[];
/** With `all` a runtime that was left out is a failure; without, only if all of them were. */
export function conclude(rows: readonly Row[], all: boolean): { readonly line: string; readonly exitCode: number };
