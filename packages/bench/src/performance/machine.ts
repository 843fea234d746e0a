import { cpus } from 'node:os';
import { startLoadMeter } from './load.ts';
import { median, spreadOf } from './numbers.ts';

/** How steady the machine was while something was measured. */
export interface Noise {
  /** Milliseconds of CPU that a fixed loop took, at the median. */
  readonly loop: number;
  /** Spread of the CPU time of the loop, from the 10th to the 90th percentile, against the median. */
  readonly cpu: number;
  /** The same of the time of day: higher when others use the machine. */
  readonly wall: number;
  /** Processors that other programs kept busy, on average. */
  readonly others?: number | undefined;
}

export interface NoiseMeter {
  /** Runs the loop once; called between rounds. */
  take(): void;
  read(): Noise;
}

export function createNoiseMeter(): NoiseMeter {
  const cpu: number[] = [];
  const wall: number[] = [];
  const others = startLoadMeter();
  return {
    take() {
      const used = process.cpuUsage();
      const begun = performance.now();
      spin();
      wall.push(performance.now() - begun);
      const { user, system } = process.cpuUsage(used);
      cpu.push((user + system) / 1000);
    },
    read: () => ({ loop: median(cpu), cpu: spreadOf(cpu), wall: spreadOf(wall), others: others() }),
  };
}

function spin(): number {
  let value = 1;
  for (let round = 0; round < 20_000_000; round += 1) value = (Math.imul(value, 1_103_515_245) + 12_345) | 0;
  return value;
}

export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;
