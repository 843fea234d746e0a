// What the pages tell a newcomer to type.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './commands.mjs';

const read = (page) => readFileSync(join(root, page), 'utf8');
const blocks = (page, language) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text);

/** The programs of README and getting-started, in order. */
export const programs = ['README.md', 'docs/getting-started.md'].flatMap((page) =>
  blocks(page, 'ts').map((code, index) => ({
    name: `${page.replace(/^docs\/|\.md$/g, '').toLowerCase()}-${index + 1}`,
    code,
  })),
);

const lines = blocks('docs/getting-started.md', 'sh')
  .join('')
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, ''));

/** The files that it tells to write, with `printf`. */
export const files = lines.flatMap((line) => {
  const [, text, name] = /^printf '([^']*)' > (\S+)$/.exec(line) ?? [];
  return name ? [{ name, text: text.replaceAll('\\n', '\n') }] : [];
});

/** The commands of the command line in getting-started, as words. What waits for Ctrl-C runs beside them. */
export const commands = lines
  .filter((line) => line.startsWith('npx imageport ') && !line.includes(' emulate'))
  .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain));

/** A CommonJS program: the sample of the README, with `require`. */
export function asCommonJs(code) {
  const required = code.replaceAll(/^import (\{[^}]*\}) from ('[^']*');/gm, 'const $1 = require($2);');
  if (/^import /m.test(required)) throw new Error('a sample imports something else than names');
  return `(async () => {\n${required}\n})().catch((error) => { console.error(error); process.exitCode = 1; });\n`;
}
