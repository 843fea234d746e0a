import type { Limits } from '@imageport/core';

/**
 * The account levels of https://wavespeed.ai/docs/account-levels: pictures started per minute, and jobs at the same time.
 * A level is reached by what was topped up; a new account is `bronze`. An older version of the page had other numbers.
 */
export const wavespeedLevels = {
  /** Where an account begins. */
  bronze: { jobs: 2, submitsPerMinute: 2 },
  /** $100. */
  silver: { jobs: 300, submitsPerMinute: 500 },
  /** $1,000. */
  gold: { jobs: 3000, submitsPerMinute: 3000 },
  /** $10,000. */
  ultra: { jobs: 10_000, submitsPerMinute: 5000 },
} as const satisfies Record<string, Limits>;
