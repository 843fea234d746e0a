import { findingsTable, forgetFindings } from './findings.ts';

// The proofs run in several processes; what they found is printed once, when all are done.
export default function setup(): () => void {
  forgetFindings();
  return () => {
    const table = findingsTable();
    if (table.split('\n').length > 2) console.log(`\n${table}\n`);
  };
}
