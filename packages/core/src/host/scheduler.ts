import { longestTimer } from '../time/deadline.ts';
import { createHeap, createLine, type Due, type Heap, type Line } from './heap.ts';
import type { Limiter } from './limits.ts';

/** What a request is for. Polls that are due go first, then downloads, then submits. */
export type Lane = 'poll' | 'download' | 'submit';

/** A request that waits for its moment and for a slot. `run` is called once, with what gives the slot back. */
export interface Ticket extends Due {
  readonly lane: Lane;
  run(leave: () => void): void;
}

/** Calls back at a moment, whatever is going on. */
export interface Alarm extends Due {
  run(): void;
}

/** The one place where an account waits: for slots, for rates, and for what is due. */
export interface Scheduler {
  /** Calls the ticket's `run` with a slot, at its moment (monotonic milliseconds) or as soon after as there is one. */
  enqueue(ticket: Ticket): void;
  /** The same for who needs nothing but a function. */
  add(lane: Lane, at: number, run: Ticket['run']): Ticket;
  /** What waits no longer. Has no effect on what has begun. */
  cancel(ticket: Ticket): void;
  /** A slot as a promise, for requests that belong to no picture. Rejects with the signal's reason. */
  enter(lane: Lane, signal: AbortSignal): Promise<() => void>;
  set(alarm: Alarm): void;
  /** The same for who needs nothing but a function. */
  alarm(at: number, run: () => void): Alarm;
  cancelAlarm(alarm: Alarm): void;
  /** Submits that wait. */
  queued(): number;
  /** Jobs that wait for a poll. */
  waiting(): number;
  /** To be called when a limit has changed. */
  pump(): void;
}

/**
 * At most `most` requests at once. Downloads hold at most half of the slots, but one in any case; submits leave an
 * eighth free, because in sync mode they last as long as a picture. One timer for all that waits; it holds the process.
 */
export function createScheduler(most: number, limiter: Limiter): Scheduler {
  const slots = createSlots(most);
  const waiting: Waiting = { polls: createHeap(), alarms: createHeap(), download: createLine(), submit: createLine() };
  let pumping = false;
  const start = (ticket: Ticket): void => {
    ticket.cancelled = true;
    limiter.takeRequest();
    ticket.run(slots.take(ticket.lane, pump));
  };
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    for (let ticket = nextOf(waiting, slots, limiter); ticket; ticket = nextOf(waiting, slots, limiter)) start(ticket);
    pumping = false;
    arm();
  };
  const timer = createTimer(() => {
    ring(waiting.alarms);
    pump();
  });
  const arm = (): void => timer.arm(nextMoment(waiting, slots, limiter));
  const enqueue = (ticket: Ticket): void => {
    if (ticket.lane === 'poll') waiting.polls.add(ticket);
    else waiting[ticket.lane].push(ticket);
    pump();
  };
  const add: Scheduler['add'] = (lane, at, run) => {
    const ticket: Ticket = { lane, at, run, cancelled: false };
    enqueue(ticket);
    return ticket;
  };
  const set = (alarm: Alarm): void => {
    waiting.alarms.add(alarm);
    arm();
  };
  const cancel = (ticket: Ticket): void => {
    if (ticket.cancelled) return;
    if (ticket.lane === 'poll') waiting.polls.cancel(ticket);
    else waiting[ticket.lane].cancel(ticket);
    arm();
  };
  return {
    ...{ enqueue, add, cancel, pump, set },
    enter: (lane, signal) => enter(add, cancel, lane, signal),
    alarm(at, run) {
      const alarm = { at, run, cancelled: false };
      set(alarm);
      return alarm;
    },
    cancelAlarm(alarm) {
      waiting.alarms.cancel(alarm);
      arm();
    },
    queued: waiting.submit.size,
    waiting: waiting.polls.size,
  };
}

interface Waiting {
  readonly polls: Heap<Ticket>;
  readonly alarms: Heap<Alarm>;
  readonly download: Line<Ticket>;
  readonly submit: Line<Ticket>;
}

/** Runs the alarms whose moment has come. */
function ring(alarms: Heap<Alarm>): void {
  const now = performance.now();
  for (let due = alarms.peek(); due && due.at <= now; due = alarms.peek()) {
    alarms.pop();
    due.cancelled = true;
    due.run();
  }
}

/** The next ticket that may begin now. */
function nextOf({ polls, download, submit }: Waiting, slots: Slots, limiter: Limiter): Ticket | undefined {
  if (!slots.isFree('poll') || limiter.requestDelay() > 0) return undefined;
  const poll = polls.peek();
  if (poll && poll.at <= performance.now()) return polls.pop();
  if (download.peek() && slots.isFree('download')) return download.shift();
  return submit.peek() && slots.isFree('submit') && limiter.delay() <= 0 ? submit.shift() : undefined;
}

/** When something may begin by itself. What waits for a slot is served when one is given back. */
function nextMoment({ polls, alarms, download, submit }: Waiting, slots: Slots, limiter: Limiter): number {
  const moment = alarms.peek()?.at ?? Infinity;
  if (!slots.isFree('poll')) return moment;
  const now = performance.now();
  const rate = now + Math.max(0, limiter.requestDelay());
  const poll = polls.peek();
  return Math.min(
    moment,
    poll ? Math.max(poll.at, rate) : Infinity,
    download.peek() && slots.isFree('download') ? rate : Infinity,
    submit.peek() && slots.isFree('submit') ? Math.max(now + limiter.delay(), rate) : Infinity,
  );
}

interface Slots {
  isFree(lane: Lane): boolean;
  /** Takes a slot and returns what gives it back, which then calls `left`. */
  take(lane: Lane, left: () => void): () => void;
}

function createSlots(most: number): Slots {
  const room = { poll: most, download: Math.max(1, Math.floor(most / 2)), submit: most - Math.floor(most / 8) };
  const inside = { poll: 0, download: 0, submit: 0 };
  let total = 0;
  return {
    isFree: (lane) => total < most && inside[lane] < room[lane],
    take(lane, left) {
      total += 1;
      inside[lane] += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        total -= 1;
        inside[lane] -= 1;
        left();
      };
    },
  };
}

interface Timer {
  /** Rings at this moment at the latest; `Infinity`: not any more. */
  arm(moment: number): void;
}

function createTimer(ring: () => void): Timer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let at = Infinity;
  return {
    arm(moment) {
      // A timer that comes too early does no harm; one that nothing needs would hold the process.
      if (moment >= at && moment !== Infinity) return;
      clearTimeout(timer);
      at = moment;
      if (moment === Infinity) return;
      const wait = Math.min(longestTimer, Math.max(0, Math.ceil(moment - performance.now())));
      timer = setTimeout(() => {
        at = Infinity;
        ring();
      }, wait);
    },
  };
}

function enter(
  add: Scheduler['add'],
  cancel: Scheduler['cancel'],
  lane: Lane,
  signal: AbortSignal,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const ticket = add(lane, 0, (leave) => {
      signal.removeEventListener('abort', onAbort);
      resolve(leave);
    });
    if (ticket.cancelled) return;
    function onAbort(): void {
      cancel(ticket);
      reject(signal.reason);
    }
    // Others that were given a slot meanwhile may have ended it.
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
