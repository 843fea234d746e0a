import type { Table } from '../report.ts';
import { showLoad } from './load.ts';
import type { Noise } from './machine.ts';
import type { CostLine } from './summary.ts';

/** One line of the table of targets. */
export interface Aim {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a result looks like on the page and in the terminal. */
export interface Shown {
  readonly tables: readonly Table[];
  readonly aims: readonly Aim[];
  /** For the table with which the page opens. */
  readonly costs?: readonly CostLine[];
  /** What a reader must know about the tables. */
  readonly notes: readonly string[];
}

/** A part of the benchmark. Its result is JSON, kept so that one part can be measured again alone. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** `tiny` only shows that everything works. */
  run(tiny: boolean): Promise<unknown>;
  show(result: unknown): Shown;
}

interface Definition<Result> {
  readonly name: string;
  readonly title: string;
  run(tiny: boolean): Promise<Result>;
  show(result: Result): Shown;
}

export const definePart = <Result>({ show, ...rest }: Definition<Result>): Part => ({
  ...rest,
  show: (result) => show(result as Result),
});

export const noiseNote = ({ loop, cpu, wall, others }: Noise): string =>
  `Noise: a fixed loop of ${loop.toFixed(0)} ms between the rounds varied by ${(cpu * 100).toFixed(0)} % in CPU time and by ${(wall * 100).toFixed(0)} % in time of day (10th to 90th percentile). Other programs kept ${showLoad(others)} processors busy on average; the column "Others" says so for each figure.`;
