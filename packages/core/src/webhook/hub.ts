import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';

/** What a verified webhook says. It is a hint: a wait that it ends is confirmed by a poll. */
export interface WebhookNotice {
  readonly job: Pick<Job, 'provider' | 'id'>;
  readonly snapshot?: JobSnapshot;
}

/** Where webhooks and waiting calls meet, in any order. */
export interface WebhookHub {
  /** Reports that something happened to a job, whether or not a call waits for it yet. Call it after verification. */
  notify(notice: WebhookNotice): void;
  /** For the engine: calls back, at most once for each notice, when something happened to a job; returns how to stop. */
  listen(provider: string, id: string, wake: () => void): () => void;
  /** For the engine: what was reported of jobs at a provider, newest last. */
  recent(provider: string): readonly JobSnapshot[];
}

/** Notices of jobs that nobody waits for are kept this many; the oldest go first. */
const mostKept = 10_000;

/** Joins a webhook receiver and the calls of one process: give it to `generateImage` and put verified events in. */
export function createWebhookHub(): WebhookHub {
  const kept = new Map<string, WebhookNotice>();
  const waiting = new Map<string, Set<() => void>>();
  const keyOf = (provider: string, id: string): string => `${provider}:${id}`;
  return {
    notify(notice) {
      const key = keyOf(notice.job.provider, notice.job.id);
      kept.delete(key);
      kept.set(key, notice);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
      const wakers = waiting.get(key);
      if (!wakers) return;
      kept.delete(key);
      for (const wake of [...wakers]) wake();
    },
    listen(provider, id, wake) {
      const key = keyOf(provider, id);
      const wakers = waiting.get(key) ?? new Set();
      waiting.set(key, wakers.add(wake));
      // An earlier notice counts once; then only new ones end a wait.
      if (kept.delete(key)) queueMicrotask(() => wakers.has(wake) && wake());
      return () => {
        wakers.delete(wake);
        if (wakers.size === 0) waiting.delete(key);
      };
    },
    recent: (provider) =>
      [...kept.values()].flatMap(({ job, snapshot }) => (job.provider === provider && snapshot ? [snapshot] : [])),
  };
}
