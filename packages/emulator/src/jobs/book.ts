import type { Fault } from '../faults/fault.ts';
import type { GenerationTime, Host, Settings } from '../options.ts';
import { createRandom, logNormal } from '../random.ts';
import { destiny, type Job, type JobRequest } from './job.ts';
import { isRefunded } from './progress.ts';

/** All jobs and with them all the money: every accepted job is one charge. */
export interface JobBook {
  accept(request: JobRequest, fault: Fault | undefined): Job;
  find(host: Host, id: string): Job | undefined;
  all(host?: Host): Job[];
  /** What is left of the money at a host. */
  balance(host: Host): number;
  clear(): void;
}

export function createJobBook(settings: Settings): JobBook {
  const jobs = new Map<string, Job>();
  // Kept apart so that looking at the balance stays cheap with thousands of jobs.
  const refundable = new Set<Job>();
  const charged = { wavespeed: 0, apiframe: 0 };
  const nextDuration = durations(settings.generationTime);

  return {
    accept: (request, fault) => {
      const job: Job = {
        ...request,
        ...destiny(request.host, fault?.job),
        createdAt: Date.now() + settings.clockSkew,
        born: performance.now(),
        duration: fault?.job === 'completed-at-once' ? 0 : nextDuration(),
        deleted: false,
        toldFailed: false,
        webhookStatus: null,
        ...(fault?.error === undefined ? {} : { error: fault.error }),
      };
      jobs.set(job.id, job);
      charged[job.host] += job.price.amount;
      if (job.refunds) refundable.add(job);
      return job;
    },
    find: (host, id) => {
      const job = jobs.get(id);
      return job?.host === host ? job : undefined;
    },
    all: (host) => [...jobs.values()].filter((job) => host === undefined || job.host === host),
    balance: (host) => {
      const refunds = [...refundable]
        .filter((job) => job.host === host && isRefunded(job, settings.refundDelay))
        .reduce((sum, job) => sum + job.price.amount, 0);
      return settings.balance[host] - charged[host] + refunds;
    },
    clear: () => {
      jobs.clear();
      refundable.clear();
      charged.wavespeed = 0;
      charged.apiframe = 0;
    },
  };
}

function durations(time: GenerationTime): () => number {
  if (typeof time === 'object' && 'fixed' in time) return () => time.fixed;
  const { median, sigma, seed = 1 } = typeof time === 'number' ? { median: time, sigma: 0.25 } : time;
  const random = createRandom(seed);
  return () => Math.round(logNormal(random, median, sigma));
}
