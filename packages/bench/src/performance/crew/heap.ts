import { type HeapProfiler, Session as Inspector } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hot, locate } from './profile.ts';

/** What a piece of work allocates, in bytes, whatever becomes of it. */
export async function allocated(work: () => Promise<unknown>): Promise<Hot[]> {
  const heap = await startSampling({ includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true });
  await work();
  return heap.stop();
}

/** What a piece of work holds some milliseconds after it has begun, in bytes. */
export async function held(work: () => Promise<unknown>, after: number): Promise<Hot[]> {
  const heap = await startSampling({});
  const working = work();
  await sleep(after);
  await heap.collect();
  const found = await heap.stop();
  await working;
  return found;
}

/** The options are V8's, and newer than their types. */
async function startSampling(kept: object) {
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post('HeapProfiler.enable');
  await inspector.post('HeapProfiler.startSampling', { samplingInterval: 4_096, ...kept });
  return {
    collect: () => inspector.post('HeapProfiler.collectGarbage'),
    async stop(): Promise<Hot[]> {
      const { profile } = await inspector.post('HeapProfiler.stopSampling');
      inspector.disconnect();
      return toHot(profile);
    },
  };
}

type Node = HeapProfiler.SamplingHeapProfileNode;

/** Counted for the nearest function outside Node: what it makes Node allocate is its own. */
function toHot({ head }: HeapProfiler.SamplingHeapProfile): Hot[] {
  const found = new Map<string, Hot>();
  const walk = ({ callFrame, selfSize, children }: Node, above: Hot): void => {
    const { group, file } = locate(callFrame);
    const isNode = ['native', 'node', 'garbage collector'].includes(group);
    const place = file && `${file}:${callFrame.lineNumber + 1}`;
    const here = isNode ? above : { name: callFrame.functionName || '(anonymous)', group, place, self: 0 };
    const key = `${here.group} ${here.place} ${here.name}`;
    if (selfSize > 0) found.set(key, { ...here, self: (found.get(key)?.self ?? 0) + selfSize });
    for (const child of children) walk(child, here);
  };
  walk(head, { name: '(root)', group: 'node', place: '', self: 0 });
  return [...found.values()].sort((a, b) => b.self - a.self);
}
