// Fresh projects of a newcomer: what is installed, written and run in each.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { published } from '../bundle.mjs';
import { must, root, run } from './commands.mjs';
import { asCommonJs, commands, files, programs } from './pages.mjs';

const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** `npm init` and `npm install` of the tarballs, and of what is named. */
export async function create(cwd, env, tarballs, { type = 'module', also = [] } = {}) {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'newcomer', private: true, type }, null, 2));
  await must('npm', ['install', ...quiet, ...tarballs, ...also], { cwd, env });
  return { cwd, env };
}

/** JavaScript with `import`, and every command of the command line. */
export async function javascript(place, keys) {
  const env = { ...place.env, ...keys };
  for (const { name, code } of programs) {
    writeFileSync(join(place.cwd, `${name}.js`), code);
    await must('node', [`${name}.js`], { ...place, env });
  }
  for (const { name, text } of files) writeFileSync(join(place.cwd, name), text);
  for (const [, ...words] of commands) {
    const stdout = await must('npx', ['--no-install', ...words], { ...place, env });
    if (stdout.trim() === '' && !/^(jobs|resume)$/.test(words[1]))
      throw new Error(`\`${words.join(' ')}\` printed nothing`);
  }
  const drawn = await must('npx', ['--no-install', 'imageport', 'generate', 'a fox', '--out', 'fox.png'], place);
  if (readFileSync(join(place.cwd, 'fox.png')).length < 1_000) throw new Error(`no picture without a key: ${drawn}`);
  return `${programs.length} programs, ${commands.length + 1} commands`;
}

/** TypeScript, as strict as `tsc --init` makes it, with the declarations of the packages checked too. */
export async function typescript(place, keys) {
  for (const { name, code } of programs) writeFileSync(join(place.cwd, `${name}.ts`), code);
  const compilerOptions = {
    ...{ target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: false, types: ['node'], outDir: 'out' },
    ...{ rootDir: '.', exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
  };
  writeFileSync(join(place.cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await must('npx', ['--no-install', 'tsc'], place);
  const built = readdirSync(join(place.cwd, 'out')).filter((name) => name.endsWith('.js'));
  for (const name of built) await must('node', [join('out', name)], { ...place, env: { ...place.env, ...keys } });
  return `${built.length} programs compiled and run`;
}

/** CommonJS, where the packages come by `require`. */
export async function commonjs(place, keys) {
  for (const { name, code } of programs) {
    writeFileSync(join(place.cwd, `${name}.js`), asCommonJs(code));
    await must('node', [`${name}.js`], { ...place, env: { ...place.env, ...keys } });
  }
  return `${programs.length} programs`;
}

/** On Node 20 a call and a command are refused in plain words, and nothing is sent. */
export async function refused(place, keys) {
  const env = { ...place.env, ...keys };
  const [{ name, code }] = programs;
  writeFileSync(join(place.cwd, `${name}.js`), code);
  for (const [program, ...args] of [
    ['node', `${name}.js`],
    ['npx', '--no-install', 'imageport', 'generate', 'a fox'],
  ]) {
    const { code: ended, stdout, stderr } = await run(program, args, { ...place, env });
    const said = `${stdout}${stderr}`;
    if (
      ended === 0 ||
      !/imageport needs Node 22 or later and this is Node 20\./.test(said) ||
      !/nothing was sent/.test(said)
    )
      throw new Error(`\`${program} ${args.join(' ')}\` was not refused: it ended with ${ended}:\n${said}`);
  }
  return 'a program and a command are refused';
}

/** The first command of the README, and how to install before the first release, in a clone of what is committed. */
export async function clone(cwd, env) {
  await must('git', ['clone', '--quiet', root, cwd], { cwd: root, env });
  const path = await must('npm', ['start', '--silent', '--', 'a lighthouse in fog at dawn'], { cwd, env });
  if (readFileSync(join(cwd, path.trim().split('\n').at(-1) ?? '')).length < 1_000) throw new Error('no picture');
  await must('npm', ['run', 'pack', '--silent', '--prefix', cwd], { cwd: root, env });
  const tarballs = readdirSync(join(cwd, 'tarballs'));
  const wanted = published(root).length;
  if (tarballs.length !== wanted) throw new Error(`npm run pack made ${tarballs.join(', ')}, not ${wanted} packages`);
  return 'npm start makes a picture, npm run pack the tarballs';
}

/** The version of a tool of the workspace, for `npm install`. */
export const pinned = (name) =>
  `${name}@${JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version}`;
