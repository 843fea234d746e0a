import { Session as Inspector, type Profiler } from 'node:inspector/promises';
import type { Session } from '../../clients/client.ts';
import { locate } from './profile.ts';

/** What of our code one call runs through. */
export interface Trace {
  readonly files: number;
  readonly functions: number;
  readonly calls: number;
}

/** One call, after one that loaded everything. Counts functions of ours that were called; loading a file is no call. */
export async function trace(session: Session): Promise<Trace> {
  await session.run();
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.run();
  const { result } = await inspector.post('Profiler.takePreciseCoverage');
  inspector.disconnect();
  const own = result.filter(({ url }) => locate({ url, functionName: '' }).group.startsWith('@imageport/'));
  const called = own.map((script) => script.functions.filter(isCalled)).filter((functions) => functions.length > 0);
  return {
    files: called.length,
    functions: called.flat().length,
    calls: called.flat().reduce((total, { ranges }) => total + (ranges[0]?.count ?? 0), 0),
  };
}

/** The code of a whole file is a function that begins at its start. */
const isCalled = ({ ranges: [range] }: Profiler.FunctionCoverage): boolean =>
  range !== undefined && range.count > 0 && range.startOffset > 0;
