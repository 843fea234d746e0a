import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Breaker, createBreaker, type Outcome } from '../../src/host/breaker.ts';

let clock = 0;
let breaker: Breaker;
const seconds = (count: number): void => {
  clock += count * 1000;
};
const report = (outcome: Outcome, times: number): void => {
  for (let time = 0; time < times; time += 1) breaker.report(outcome);
};
const yes = async (): Promise<boolean> => true;
const no = async (): Promise<boolean> => false;

beforeEach(() => {
  clock = 12_345_678;
  breaker = createBreaker({ now: () => clock });
});

describe('it opens', () => {
  test('on five connect failures in a row', () => {
    report('unreachable', 4);
    expect(breaker.state()).toBe('closed');
    report('unreachable', 1);
    expect([breaker.state(), breaker.opensAgainIn()]).toEqual(['open', 10_000]);
  });

  test.each<Outcome>(['ok', 'failed'])('not when one of them was %s: the host was there', (between) => {
    report('unreachable', 4);
    report(between, 1);
    report('unreachable', 4);
    expect(breaker.state()).toBe('closed');
  });

  test('when half of ten calls failed', () => {
    report('ok', 5);
    report('failed', 4);
    expect(breaker.state()).toBe('closed');
    report('failed', 1);
    expect(breaker.state()).toBe('open');
  });

  test('not while fewer than half did', () => {
    report('ok', 7);
    report('failed', 6);
    expect(breaker.state()).toBe('closed');
    report('failed', 1);
    expect(breaker.state()).toBe('open');
  });

  test('not on nine failures', () => {
    report('failed', 9);
    expect(breaker.state()).toBe('closed');
  });

  test('not on a success, even when half failed before it', () => {
    report('failed', 9);
    report('ok', 1);
    expect(breaker.state()).toBe('closed');
  });

  test('counting the last 30 seconds only', () => {
    report('failed', 9);
    seconds(30);
    report('failed', 9);
    expect(breaker.state()).toBe('closed');
    seconds(29);
    report('failed', 1);
    expect(breaker.state()).toBe('open');
  });

  test('in the same time after ten thousand calls', () => {
    for (let time = 0; time < 10_000; time += 1) {
      clock += 3;
      breaker.report('ok');
    }
    report('failed', 4000);
    expect(breaker.state()).toBe('closed');
    report('failed', 6000);
    expect(breaker.state()).toBe('open');
  });
});

describe('open', () => {
  test('it counts down to half-open', () => {
    report('unreachable', 5);
    seconds(4);
    expect([breaker.state(), breaker.opensAgainIn()]).toEqual(['open', 6000]);
    seconds(6);
    expect([breaker.state(), breaker.opensAgainIn()]).toEqual(['half-open', 0]);
  });

  test('what was sent before changes nothing', () => {
    report('unreachable', 5);
    seconds(3);
    report('unreachable', 20);
    report('ok', 1);
    expect(breaker.opensAgainIn()).toBe(7000);
  });

  test('it does not probe', async () => {
    report('unreachable', 5);
    const check = vi.fn(yes);
    expect(await breaker.probe(check)).toBe(false);
    expect(check).not.toHaveBeenCalled();
  });

  test('it stays open twice as long each time, at most two minutes', async () => {
    report('unreachable', 5);
    const stays = [];
    for (let time = 0; time < 6; time += 1) {
      stays.push(breaker.opensAgainIn());
      clock += breaker.opensAgainIn();
      expect(await breaker.probe(no)).toBe(false);
    }
    expect(stays).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });
});

describe('half-open', () => {
  beforeEach(() => {
    report('unreachable', 5);
    seconds(10);
  });

  test('a check that succeeds closes it', async () => {
    expect(await breaker.probe(yes)).toBe(true);
    expect(breaker.state()).toBe('closed');
  });

  test.each<[string, () => Promise<boolean>]>([
    ['says no', no],
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
  ])('a check that %s opens it again', async (_, check) => {
    expect(await breaker.probe(check)).toBe(false);
    expect([breaker.state(), breaker.opensAgainIn()]).toEqual(['open', 20_000]);
    seconds(20);
    expect(await breaker.probe(yes)).toBe(true);
  });

  test('one check at a time, and everyone has its answer', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const check = vi.fn(() => promise);
    const probes = [breaker.probe(check), breaker.probe(check), breaker.probe(check)];
    await Promise.resolve();
    expect(breaker.state()).toBe('half-open');
    resolve(true);
    expect(await Promise.all(probes)).toEqual([true, true, true]);
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('the stay is the first again only after a submit succeeded, for a free call proves little', async () => {
    await breaker.probe(yes);
    report('unreachable', 5);
    expect(breaker.opensAgainIn()).toBe(20_000);
    seconds(20);
    await breaker.probe(yes);
    report('ok', 1);
    report('unreachable', 5);
    expect(breaker.opensAgainIn()).toBe(10_000);
  });

  test('it starts to count anew', async () => {
    await breaker.probe(yes);
    report('unreachable', 4);
    report('failed', 5);
    expect(breaker.state()).toBe('closed');
  });

  test('a submit that ends now decides as well', async () => {
    report('failed', 1);
    expect([breaker.state(), breaker.opensAgainIn()]).toEqual(['open', 20_000]);
    seconds(20);
    report('ok', 1);
    expect(breaker.state()).toBe('closed');
  });

  test('a submit that ends during the check has the last word on this stay', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const probe = breaker.probe(() => promise);
    await Promise.resolve();
    report('failed', 1);
    resolve(true);
    expect(await probe).toBe(false);
    expect(breaker.opensAgainIn()).toBe(20_000);
  });
});

test('closed, it needs no probe', async () => {
  const check = vi.fn(no);
  expect(await breaker.probe(check)).toBe(true);
  expect(check).not.toHaveBeenCalled();
  expect(breaker.opensAgainIn()).toBe(0);
});

test('it has a clock of its own', () => {
  breaker = createBreaker();
  report('unreachable', 5);
  expect(breaker.opensAgainIn()).toBeGreaterThan(9000);
});
