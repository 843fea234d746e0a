/** What makes a world hard. Each can be left out, to find which of them a violation needs. */
export const evils = [
  'reversals',
  'deletions',
  'late refunds',
  'odd ids',
  'taken jobs',
  'equal strangers',
  'old jobs',
  'other jobs',
  'skew',
  'set clocks',
  'lag',
  'long pauses',
  'two resumes',
  'slow ledgers',
  'equal words',
  'several ledgers',
  'deaths',
  'aborts',
  'humans',
  'untold inputs',
] as const;

export type Evil = (typeof evils)[number];
export type Without = ReadonlySet<Evil>;

/** Reads `IMAGEPORT_HISTORY_WITHOUT=skew,lag`. */
export function readWithout(text = process.env.IMAGEPORT_HISTORY_WITHOUT ?? ''): Without {
  const names = text.split(',').filter((name) => name !== '');
  return new Set(
    names.map((name) => {
      const evil = evils.find((each) => each === name);
      if (!evil) throw new TypeError(`"${name}" is none of ${evils.join(', ')}`);
      return evil;
    }),
  );
}
