import type { Limits } from '@imageport/core';

/**
 * Apiframe publishes no table of limits. Known second-hand: 500 requests of any kind per minute and account (said of
 * https://apiframe.ai/docs in August 2026). 8 a second and as many at once stay below that in every minute.
 * How many jobs run at once depends on the team: `team.maxConcurrentJobs` of `GET /v2/me`, where it is reported.
 */
export const apiframeLimits = {
  /** The rate alone. */
  rate: { requestsPerSecond: 8 },
  /** With the 10 jobs that the host's pages give as the example of a team (https://docs-v2.apiframe.ai/docs, `/account/me`). */
  team: { jobs: 10, requestsPerSecond: 8 },
} as const satisfies Record<string, Limits>;
