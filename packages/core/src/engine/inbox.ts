import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';

/** What a verified webhook says. It is a hint: a wait that it ends is confirmed by a look at the host. */
export interface WebhookNews {
  readonly job: Pick<Job, 'provider' | 'id'>;
  readonly snapshot?: JobSnapshot;
}

/** Where webhooks and waiting calls meet, in any order. */
export interface WebhookInbox {
  /** Tells that something happened to a job, whether or not anybody waits for it yet. Call it after verification. */
  notify(news: WebhookNews): void;
  /** For the engine: resolves when there is news of a job that was not told before. */
  listen(provider: string, id: string): { readonly arrived: Promise<void>; stop(): void };
  /** For the engine: what was told of jobs at a provider, newest last. */
  recent(provider: string): readonly JobSnapshot[];
}

/** News of jobs that nobody waits for are kept this many; the oldest go first. */
const mostKept = 10_000;

/** Joins a webhook receiver and the calls of one process: give it to `generateImage` and put verified events in. */
export function createWebhookInbox(): WebhookInbox {
  const kept = new Map<string, WebhookNews>();
  const waiting = new Map<string, Set<() => void>>();
  const keyOf = (provider: string, id: string): string => `${provider}:${id}`;
  return {
    notify(news) {
      const key = keyOf(news.job.provider, news.job.id);
      kept.delete(key);
      kept.set(key, news);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
      const wakers = waiting.get(key);
      if (!wakers) return;
      kept.delete(key);
      for (const wake of wakers) wake();
    },
    listen(provider, id) {
      const key = keyOf(provider, id);
      const { promise, resolve } = Promise.withResolvers<void>();
      // News that came before is told once; then only new ones end a wait.
      if (kept.delete(key)) resolve();
      const wakers = waiting.get(key) ?? new Set();
      waiting.set(key, wakers.add(resolve));
      const stop = (): void => {
        wakers.delete(resolve);
        if (wakers.size === 0) waiting.delete(key);
      };
      return { arrived: promise, stop };
    },
    recent: (provider) =>
      [...kept.values()].flatMap(({ job, snapshot }) => (job.provider === provider && snapshot ? [snapshot] : [])),
  };
}
