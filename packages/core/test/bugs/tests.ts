import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './plant.ts';

/** Packing, memory and a thousand real deadlines say nothing about a bug in the logic, or not on a busy machine. */
const never = /\/(tarballs|workspace|memory|heap|deadline|bugs)\.test\.ts$/;

/** Tests with real processes, sockets and clocks. */
export const isTimed = (test: string): boolean =>
  /\/ledger\/|\/host\/|\/schedule\/|d0[123]-|d11-|sockets|bulk-poll|crash|webhook/.test(test);

/** A test file with the parts of the sources that it cannot notice anything of. Every other test sees every source. */
const blind: readonly (readonly [tests: RegExp, sources: RegExp])[] = [
  [/ledger\/crash/, /^(?!.*\/core\/src\/node)/],
  [
    /ledger\/(crash|damage|disk-failure|processes|lock|blobs|compaction|format)|d03|d11/,
    /^(?!.*\/core\/src\/(node|ledger))/,
  ],
  [/schedule\/|stream-image|opentelemetry|webhook-proof|proof\/(parser|download)/, /core\/src\/(?!picture)/],
  [/schedule\/learned|webhook-proof|proof\/parser/, /core\/src\/picture/],
  [/test\/host\/|d01|d02|proof\/(sockets|canary)/, /core\/src\/(node|ledger|picture)|\/parse\.ts|\/adapter\.ts/],
  [/pace\//, /core\/src\/(node|ledger)|\/parse\.ts|\/adapter\.ts/],
  [/^packages\/wavespeed/, /^packages\/apiframe|core\/src\/node/],
  [/^packages\/apiframe/, /^packages\/wavespeed|core\/src\/node/],
];

/** Where it is remembered how long each test took. */
const kept = join(root, 'node_modules/.cache/imageport-bugs/durations.json');

const listed = globSync(['packages/core/test/**/*.test.ts', 'packages/{wavespeed,apiframe}/test/**/*.test.ts'], {
  cwd: root,
})
  .map((path) => path.split('\\').join('/'))
  .filter((path) => !never.test(path));

/** Test files in the order in which they notice most in the least time, as far as it was seen. */
export interface TestOrder {
  readonly all: readonly string[];
  of(file: string): readonly string[];
  took(test: string, duration: number): void;
  noticed(file: string, test: string): void;
  keep(): void;
}

export function createTestOrder(): TestOrder {
  const durations = new Map<string, number>(existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : []);
  const catches = new Map<string, number>();
  const area = (file: string): string => file.split('/').slice(0, -1).join('/');
  // A test that notices something every second time is worth its time sooner than one that never did.
  const worth = (file: string, test: string): number =>
    ((catches.get(`${area(file)} ${test}`) ?? 0) + 0.2) / ((durations.get(test) ?? 1_000) + 50);
  return {
    all: [...listed].sort(),
    of: (file) =>
      listed
        .filter((test) => !blind.some(([tests, sources]) => tests.test(test) && sources.test(file)))
        .sort((a, b) => worth(file, b) - worth(file, a)),
    took: (test, duration) => durations.set(test, duration),
    keep() {
      mkdirSync(dirname(kept), { recursive: true });
      writeFileSync(kept, JSON.stringify([...durations]));
    },
    noticed: (file, test) => catches.set(`${area(file)} ${test}`, (catches.get(`${area(file)} ${test}`) ?? 0) + 1),
  };
}
