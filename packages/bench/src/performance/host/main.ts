// The hosts, in a process of their own, so that their work is not counted as a client's.
import { serve } from '../remote.ts';
import { type Lane, type LaneOptions, openLane } from './lane.ts';

const lanes = new Map<number, Lane>();

const find = (id: number): Lane => {
  const lane = lanes.get(id);
  if (!lane) throw new Error(`no lane ${id}`);
  return lane;
};

serve({
  open: async (options: LaneOptions) => {
    const lane = await openLane(options);
    const id = lanes.size + 1;
    lanes.set(id, lane);
    return { id, url: lane.url };
  },
  report: (id: number) => find(id).report(),
  close: (id: number) => find(id).close(),
});
