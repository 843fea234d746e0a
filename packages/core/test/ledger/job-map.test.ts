import { expect, test } from 'vitest';
import { createJobMap } from '../../src/ledger/job-map.ts';

test('jobs of two hosts with the same id are told apart', () => {
  const jobs = createJobMap<number>(10);
  jobs.set({ provider: 'a', id: '1' }, 1);
  jobs.set({ provider: 'b', id: '1' }, 2);
  expect([jobs.get({ provider: 'a', id: '1' }), jobs.get({ provider: 'b', id: '1' })]).toEqual([1, 2]);
  expect(jobs.get({ provider: 'c', id: '1' })).toBeUndefined();
});

test('the oldest of a host go first, and one that is set again is the newest', () => {
  const jobs = createJobMap<number>(2);
  const set = (...ids: string[]): void => {
    for (const id of ids) jobs.set({ provider: 'a', id }, 1);
  };
  set('1', '2', '1', '3');
  expect(['1', '2', '3'].map((id) => jobs.get({ provider: 'a', id }))).toEqual([1, undefined, 1]);
});
