import { bash } from './bash.ts';
import { type CommandWords, filePaths, type OptionWords, paths, single, takers } from './commands.ts';

/**
 * What each shell reads. The scripts hold all words themselves: pressing Tab starts no program, so it can neither be slow
 * nor spend anything.
 */
export const shells: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

function zsh(commands: readonly CommandWords[]): string {
  const spell = (name: string, description: string): string =>
    single(`${name.replaceAll(':', '\\:')}:${description.replaceAll(':', '\\:')}`);
  const values = takers(commands).map(
    ({ names, takes }) =>
      `    ${names.join('|')}) ${takes === 'file' ? '_files' : `compadd -- ${[takes].flat().map(single).join(' ')}`}; return ;;`,
  );
  const cases = commands.map((each) => {
    const listed = [
      ...each.words.map(({ name, description }) => spell(name, description)),
      ...each.options.flatMap(({ names, description }) => names.map((name) => spell(name, description))),
    ];
    return `    ${single(each.path)}) found=(${listed.join(' ')}) ;;`;
  });
  return `#compdef imageport
_imageport() {
  local joined= word
  local -a found
  case \${words[CURRENT-1]} in
${values.join('\n')}
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${joined:+$joined }$word" in ${paths(commands)}) joined="\${joined:+$joined }$word" ;; esac
  done
  case $joined in
${cases.join('\n')}
  esac
  case $joined in
    ${filePaths(commands)}) if [[ $PREFIX != -* ]]; then _files; return; fi ;;
  esac
  _describe imageport found || _files
}
if [[ $funcstack[1] == _imageport ]]; then _imageport "$@"; else compdef _imageport imageport; fi
`;
}

function fish(commands: readonly CommandWords[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = commands.flatMap(({ path, words, options }) => {
    const when = `-n ${quoted(`__imageport_at ${path}`.trim())}`;
    return [
      ...words.map(({ name, description }) => `complete -c imageport ${when} -f -a ${name} -d ${quoted(description)}`),
      ...options.map(
        (option) => `complete -c imageport ${when} ${fishOption(option, quoted)} -d ${quoted(option.description)}`,
      ),
    ];
  });
  const known = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `# imageport in fish
function __imageport_at
  set -l joined
  for word in (commandline -opc)[2..-1]
    contains -- (string join ' ' $joined $word) ${known.join(' ')}; and set -a joined $word
  end
  test "$joined" = "$argv"
end
${lines.join('\n')}
`;
}

function fishOption({ names, takes }: OptionWords, quoted: (text: string) => string): string {
  const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (takes === 'nothing') return spelt.join(' ');
  if (takes === 'file') return [...spelt, '-r'].join(' ');
  return [...spelt, '-x', ...(takes.length > 0 ? [`-a ${quoted(takes.join(' '))}`] : [])].join(' ');
}
