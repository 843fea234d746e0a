import type { Fault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage, resumeImages } from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime, type World } from '../world.ts';
import { candidatesOf, ended, listOpen, open } from './kit.ts';

const requestId = 'f'.repeat(32);
/** An error that was accepted all the same, with an id that is no job: a request's, or a trace's. */
const misleading = (status: number, body: object): Fault => ({ on: 'submit', status, body, accepted: true, times: 4 });
const bodies: Readonly<Record<HostName, object>> = {
  wavespeed: { code: 500, message: 'internal error', data: { id: requestId, status: 'failed' } },
  apiframe: { error: 'internal error', id: '11111111-1111-4111-8111-111111111111', status: 'FAILED' },
};

describe.each(hosts)('D7: an error of %s that carries an id', (host) => {
  test.each([500, 502, 503, 504, 408])('%d: the id is no job until the host knows it', async (status) => {
    const world = createWorld({ faults: [misleading(status, bodies[host])] });
    const ledger = createMemoryLedger();
    const provider = open(world, host);
    const call = { model: provider('seedream-3'), prompt: 'a pier', ledger };
    const one = await inVirtualTime(() => ended(generateImage(call)));
    const [charge] = world.emulator.charges();
    const known = [...one.jobs, ...candidatesOf(one)];
    expect(one.error?.job).toBeUndefined();
    if (one.error) expect(one.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    // The seed finds it at WaveSpeed, the key at Apiframe unless every repeat was answered so.
    if (host === 'wavespeed') expect(known).toEqual([charge?.jobId]);
    else expect(one.error ? await listOpen(ledger) : one.jobs).toHaveLength(1);
  });

  test('a refusal with an id of its own costs nothing, and the id is no job', async () => {
    const fault: Fault = { on: 'submit', status: 400, body: { ...bodies[host], code: 400, message: 'bad size' } };
    const world = createWorld({ faults: [fault] });
    const one = await inVirtualTime(() => ended(generateImage({ model: world.model(host), prompt: 'a pier' })));
    expect(one.error).toMatchObject({ code: 'invalid_request', billed: 'no' });
    expect(one.error?.job).toBeUndefined();
  });
});

test('D7: an error that names the job which the host did make is followed to its picture', async () => {
  const patch: Fault['patch'] = (json) => ({ ...json, code: 500, message: 'internal' });
  const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', patch }] });
  const one = await inVirtualTime(() => ended(generateImage({ model: world.model('wavespeed'), prompt: 'a pier' })));
  expect(one.jobs).toEqual(world.emulator.charges().map(({ jobId }) => jobId));
});

describe.each(hosts)('D7: an answer of %s that names a job which another intent has', (host) => {
  /** The second submit is accepted, and answered with the id of the first. */
  function createMixedUp(): World {
    const world = createWorld({ listLag: 600_000 });
    const patch: Fault['patch'] = (json) => {
      const [first] = world.emulator.jobs();
      const id = (first?.id ?? '') as never;
      return json.data ? { ...json, data: { ...json.data, id } } : { ...json, jobId: id };
    };
    world.emulator.inject({ on: 'submit', nth: 2, times: 9, patch });
    return world;
  }

  test.each([
    ['still running', true],
    ['delivered', false],
  ])('and that is %s gives nobody the same picture twice', async (_, together) => {
    const world = createMixedUp();
    const ledger = createMemoryLedger();
    const ask = (prompt: string) => {
      const model = open(world, host)('seedream-4');
      return ended(generateImage({ model, prompt, ledger, intentId: prompt.replace(' ', '-') }));
    };
    const [first, second] = await inVirtualTime(async () => {
      const one = ask('a pier');
      if (!together) await one;
      return Promise.all([one, ask('an owl')]);
    });
    expect(first.images).toHaveLength(1);
    expect(second.jobs).not.toContain(first.jobs[0]);
    expect(second.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect((await listOpen(ledger)).map(({ intent }) => intent.id)).toEqual(['an-owl']);
  });

  test('is not believed by a later resume either', async () => {
    const world = createMixedUp();
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      const model = () => open(world, host)('seedream-4');
      await ended(generateImage({ model: model(), prompt: 'a pier', ledger }));
      await ended(generateImage({ model: model(), prompt: 'an owl', ledger }));
      return resumeImages({ ledger, models: [model()] });
    });
    const [first] = world.emulator.jobs();
    expect(resumed).toHaveLength(1);
    expect(resumed.flatMap(({ images }) => images.map(({ job }) => job.id))).not.toContain(first?.id);
  });
});
