import type { Target } from '../../servers/test-server.ts';
import { startRemote } from '../remote.ts';
import type { LaneOptions, LaneReport } from './lane.ts';

export interface OpenLane {
  readonly target: Target;
  report(): Promise<LaneReport>;
  close(): Promise<void>;
}

export interface Hosts {
  open(options: LaneOptions): Promise<OpenLane>;
  end(): void;
}

/** Starts the process in which all services run, each lane on a port of its own. */
export function startHosts(): Hosts {
  const remote = startRemote(new URL('./main.ts', import.meta.url));
  return {
    async open(options) {
      const { id, url } = await remote.ask<{ id: number; url: string }>('open', options);
      return {
        target: { url, apiKey: 'key-of-the-bench' },
        report: () => remote.ask('report', id),
        close: () => remote.ask('close', id),
      };
    },
    end: remote.end,
  };
}
