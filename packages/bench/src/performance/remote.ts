import { fork } from 'node:child_process';

/** Another process of ours, asked one thing after another. It ends with this one. */
export interface Remote {
  ask<Result>(task: string, given?: unknown): Promise<Result>;
  end(): void;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly problem?: string;
}

/** The processes that were started and have not ended. */
export const children: Set<number> = new Set();

/** Starts a script that calls `serve`. */
export function startRemote(script: URL, execArgv: readonly string[] = []): Remote {
  // Some clients print every failed request.
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const child = fork(script, { execArgv: [...execArgv], serialization: 'advanced', stdio: [...stdio] });
  const { pid = 0 } = child;
  children.add(pid);
  const open = new Map<number, (answer: Answer) => void>();
  let last = 0;
  child.on('message', (answer: Answer) => open.get(answer.id)?.(answer));
  child.on('exit', (code) => {
    children.delete(pid);
    for (const [id, settle] of open) settle({ id, problem: `${script.pathname} ended with ${code}` });
  });
  return {
    ask: <Result>(task: string, given?: unknown) =>
      new Promise<Result>((resolve, reject) => {
        last += 1;
        const id = last;
        open.set(id, ({ result, problem }) => {
          open.delete(id);
          if (problem === undefined) resolve(result as Result);
          else reject(new Error(problem));
        });
        child.send({ id, task, given });
      }),
    end: () => {
      child.disconnect();
    },
  };
}

export type Tasks = Readonly<Record<string, (given: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly task: string;
  readonly given: never;
}

/** Answers what the process that started this one asks. */
export function serve(tasks: Tasks): void {
  process.on('message', async ({ id, task, given }: Question) => {
    try {
      process.send?.({ id, result: await tasks[task]?.(given) });
    } catch (error) {
      process.send?.({ id, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
