import type { History } from './notes.ts';

/** Everything that happened in a history, line by line, for whoever looks into one seed. */
export function storyOf(history: History): string {
  const short = (id: string | undefined): string => (id === undefined ? '-' : id.slice(0, 8));
  const all = (ids: readonly string[]): string => ids.map(short).join(',') || '-';
  const lines: (readonly [at: number, text: string])[] = [
    ...history.calls.map((each) => {
      const end = each.crashed ? 'dies' : `ends at ${each.ended}`;
      return [each.begun, `call ${each.n}: ${each.client} ${each.kind}, ${each.timeout} ms, ${end}`] as const;
    }),
    ...history.entries.map(({ at, client, ledger, intentId, type, job, key }) => {
      return [at, `${client} writes ${ledger} ${intentId} ${type} job ${short(job)} key ${key ?? '-'}`] as const;
    }),
    ...history.submits.map(({ at, n, client, host, told, job, key, words }) => {
      return [
        at,
        `submit ${n}: ${client} to ${host}, hears ${told}, job ${short(job)}, key ${key ?? '-'}, ${words}`,
      ] as const;
    }),
    ...history.jobs
      .filter(
        ({ submit, failedShownAt, completes }) => submit !== undefined || failedShownAt !== undefined || !completes,
      )
      .map(({ id, host, submit, madeAt, kept, completes, failedShownAt }) => {
        const money = kept ? 'charged' : 'refunded';
        const end = `${completes ? 'completes' : 'fails'}, failure shown at ${failedShownAt ?? '-'}`;
        return [madeAt, `${host} makes ${short(id)} of submit ${submit ?? 'somebody else'}, ${money}, ${end}`] as const;
      }),
    ...history.told.map(({ at, call, intentId, what, code, billed, jobs, candidates, message }) => {
      const facts = `${code ?? ''} billed ${billed}, jobs ${all(jobs)}, candidates ${all(candidates)}`;
      return [at, `call ${call} tells ${intentId}: ${what} ${facts} ${message ?? ''}`] as const;
    }),
    ...history.deliveries.map((each) => {
      return [each.begun, `call ${each.call} delivers ${each.intentId} ${short(each.job)}`] as const;
    }),
    ...history.humans.map((each) => [each.at, `a human says of ${each.intentId}: ${short(each.job)}`] as const),
    ...history.crashes.map((each) => [each.at, `${each.client} dies`] as const),
  ];
  const told = [...lines]
    .sort(([one], [other]) => one - other)
    .map(([at, text]) => `${(at / 1_000).toFixed(3)} ${text}`);
  return [`seed ${history.seed}: ${history.setting}`, ...told, `open: ${history.open.join(', ')}`].join('\n');
}
