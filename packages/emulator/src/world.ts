import type { RequestKind } from './faults/fault.ts';
import { createFaultPlan, type FaultPlan } from './faults/plan.ts';
import { createJobBook, type JobBook } from './jobs/book.ts';
import { type EmulatorOptions, type Host, type Settings, settle } from './options.ts';
import { createGallery, type Gallery } from './picture/gallery.ts';
import { createTimers, type Timers } from './timers.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** One line of the request log. */
export interface RequestRecord {
  readonly host: Host;
  readonly kind: RequestKind;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text. */
  body?: unknown;
  readonly at: number;
  /** The name of the fault that was applied. */
  fault?: string;
}

/** A key that was used once, and the job that it stands for. */
export interface Replay {
  readonly body: string;
  readonly jobId: string;
  readonly born: number;
}

/** Everything that one emulator remembers. */
export interface World {
  readonly settings: Settings;
  readonly jobs: JobBook;
  readonly requests: RequestRecord[];
  readonly replays: Map<string, Replay>;
  readonly faults: FaultPlan;
  readonly timers: Timers;
  readonly uploads: Uploads;
  readonly gallery: Gallery;
}

export function createWorld(options: EmulatorOptions): World {
  const settings = settle(options);
  const holdings = { uploads: createUploads(), jobs: createJobBook(settings) };
  return {
    settings,
    ...holdings,
    requests: [],
    replays: new Map(),
    faults: createFaultPlan(),
    timers: createTimers(),
    gallery: createGallery(holdings, settings.caption),
  };
}

export function forget(world: World): void {
  world.jobs.clear();
  world.requests.length = 0;
  world.replays.clear();
  world.faults.clear();
  world.uploads.clear();
  world.gallery.clear();
}
