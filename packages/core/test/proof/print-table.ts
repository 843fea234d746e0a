import { findingsTable, forgetFindings } from './findings.ts';

// The proofs run in several processes; what they found is printed once, when all are done. `npm run prove` gathers
// several runs and prints the table itself.
export default function setup(): () => void {
  if (process.env.IMAGEPORT_PROVE_FOLDER) return () => undefined;
  forgetFindings();
  return () => {
    const table = findingsTable();
    if (table.split('\n').length > 2) console.log(`\n${table}\n`);
  };
}
