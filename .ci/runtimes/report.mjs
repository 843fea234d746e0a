// What is said about each runtime, and how the run ends.

/** @type {typeof import('./report.mjs').take} */
export async function take({ name, find, version, run, missing }, prepared) {
  const program = find();
  if (program === undefined) return { name, left: missing };
  const results = await run(program, prepared).catch((error) => [{ name: 'it runs', problem: `${error.stack}` }]);
  if (results.length === 0) results.push({ name: 'it runs', problem: 'no check was made' });
  const failed = results.filter(({ problem }) => problem !== undefined);
  return { name, version: await version(program), passed: results.length - failed.length, failed };
}

/** @type {typeof import('./report.mjs').linesOf} */
export function linesOf({ name, left, version = '', passed = 0, failed = [] }) {
  if (left !== undefined) return [`${name} was left out: ${left} is missing`];
  return [
    `${name.padEnd(10)} ${version.padEnd(16)} ${passed} of ${passed + failed.length}`,
    ...failed.flatMap(({ name: check, problem }) => [`  ${check}`, `    ${problem?.replaceAll('\n', '\n    ')}`]),
  ];
}

/** @type {typeof import('./report.mjs').conclude} */
export function conclude(rows, all) {
  const left = rows.filter((row) => row.left !== undefined).length;
  const failed = rows.filter((row) => (row.failed?.length ?? 0) > 0).length;
  return {
    line: `${rows.length - left - failed} passed, ${failed} failed, ${left} left out`,
    exitCode: failed > 0 || left === rows.length || (all && left > 0) ? 1 : 0,
  };
}
