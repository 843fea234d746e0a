import { bug, src } from './bug.ts';

const book = src('book/book.ts');
const slots = src('book/slots.ts');
const budget = src('book/budget.ts');
const tests = 'core/test/book/book.test.ts';
const budgetTests = 'core/test/book/budget.test.ts';

/** Each of these makes a client that repeats pay again, or gives one request the picture of another. */
export const bookBugs = [
  bug('take a picture for handed over that nobody has acknowledged', tests, [
    src('picture/deliver.ts'),
    'if (!isEarly && !frame.isManual)',
    'if (!isEarly)',
  ]),
  bug('give a new intent although one is paid and open', tests, [slots, "first('open') ?? first('left')", 'undefined']),
  bug('leave alone what is under way and has lost its caller', tests, [
    slots,
    "first('open') ?? first('left')",
    "first('open')",
  ]),
  bug('take what a call of ours still holds for that of another process', tests, [
    book,
    "(standing === 'held' && slot.left) || standing",
    'standing',
  ]),
  bug('let everybody join what is under way', tests, [slots, 'if (unclaimed || !retry)', 'if (unclaimed)']),
  bug('give both of two that retry the same', tests, [
    slots,
    'one.slot.retries - other.slot.retries',
    'other.slot.retries - one.slot.retries',
  ]),
  bug('forget the stretch of time before this one', tests, [book, 'turn - 1}`', 'turn}`']),
  bug('stop looking at the first intent that cost nothing', tests, [
    book,
    "absent = standing === 'absent' ? absent + 1 : 0",
    "absent = standing === 'absent' || standing === 'free' ? lookahead : 0",
  ]),
  bug('give an attempt of a call what is under way beside it', tests, [
    book,
    '!each.isBusy && !each.isHanded',
    '!each.isHanded',
  ]),
  bug('close what is not finished', tests, [
    src('book/acknowledge.ts'),
    "phaseOf(state) !== 'settled' || currentJob(state)?.settled?.outcome !== 'completed'",
    'false',
  ]),
  bug('let a picture stay open whose call still gives it back', tests, [
    src('book/acknowledge.ts'),
    'const gaps = [10, 100, 1_000];',
    'const gaps: number[] = [];',
  ]),
  bug('count no money that is put aside', budgetTests, [
    budget,
    'add(spent, ...Object.values(reserved))',
    'add(spent)',
  ]),
  bug('let an intent become dearer than its budget', budgetTests, [
    budget,
    'more && refuse(account, more, budget)',
    'undefined',
  ]),
  bug('buy more pictures under the name of one', tests, [
    book,
    'isOther || slot.fingerprint !== fingerprint',
    'slot.fingerprint !== fingerprint',
  ]),
  bug('count an intent twice that is settled twice', budgetTests, [budget, 'real, minus(before)', 'real']),
  bug('forget at midnight what is not settled', budgetTests, [
    budget,
    '{ ...fresh(period), reserved: found.reserved }',
    'fresh(period)',
  ]),
];
