import { Session as Inspector, type Profiler } from 'node:inspector/promises';

/** What one function spent itself, without those it called. */
export interface Hot {
  readonly name: string;
  /** Package, or part of Node. */
  readonly group: string;
  /** File and line, inside its package. */
  readonly place: string;
  /** Microseconds, or bytes, in all. */
  readonly self: number;
}

/** Where the time of a piece of work goes. */
export async function profile(work: () => Promise<unknown>): Promise<Hot[]> {
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.setSamplingInterval', { interval: 100 });
  await inspector.post('Profiler.start');
  await work();
  const { profile: taken } = await inspector.post('Profiler.stop');
  inspector.disconnect();
  return toHot(taken);
}

function toHot({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Hot[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const found = new Map<string, Hot>();
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    // The profiler itself is not part of the work.
    if (!frame || frame.functionName === '(idle)' || frame.url.includes('inspector')) continue;
    const { group, file } = locate(frame);
    const place = file && `${file}:${frame.lineNumber + 1}`;
    const key = `${group} ${place} ${frame.functionName}`;
    const self = (found.get(key)?.self ?? 0) + Math.max(0, timeDeltas[index] ?? 0);
    found.set(key, { name: frame.functionName || '(anonymous)', group, place, self });
  }
  return [...found.values()].sort((a, b) => b.self - a.self);
}

export function locate({ url, functionName }: { url: string; functionName: string }): { group: string; file: string } {
  if (functionName === '(garbage collector)') return { group: 'garbage collector', file: '' };
  if (url === '') return { group: 'native', file: '' };
  // Its HTTP parser is WebAssembly.
  if (url.startsWith('node:internal/deps/undici') || url.startsWith('wasm:'))
    return { group: 'fetch (undici)', file: 'undici' };
  if (url.startsWith('node:')) return { group: 'node', file: url.slice(5) };
  const [, installed] = /\/node_modules\/(?!.*\/node_modules\/)(.+)$/.exec(url) ?? [];
  if (installed) {
    const [, name = '', file = ''] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(installed) ?? [];
    return { group: name, file };
  }
  const [, own = 'unknown', file = ''] = /\/packages\/([^/]+)\/(.+)$/.exec(url) ?? [];
  return { group: own === 'bench' ? 'the bench' : `@imageport/${own}`, file };
}
