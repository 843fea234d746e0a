// The checks as a program, for runtimes that have a console and an exit.
import { runChecks } from './checks.mjs';

console.log(JSON.stringify(await runChecks()));
