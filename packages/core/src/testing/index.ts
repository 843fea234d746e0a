export { faultTable } from './faults/fault-table.ts';
export type { FaultClass, FaultRow, PlayedFault } from './faults/row.ts';
export { type AdapterFixtures, type Check, testAdapter } from './test-adapter.ts';
export { type BookCheck, type TestBookOptions, testBook } from './test-book.ts';
export { type LedgerCheck, type Reopen, type TestLedgerOptions, testLedger } from './test-ledger.ts';
