import { type CommandWords, filePaths, type OptionWords, paths, single, takers } from './commands.ts';

/**
 * Bash breaks words at `:` and `=` as well, and replaces only what stands behind the last of them. So the words are put
 * together again, and of each word that is offered the part goes back that Bash replaces. It runs in Bash 3.2, which macOS has.
 */
export function bash(commands: readonly CommandWords[]): string {
  return `# imageport in bash
_imageport_offer() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$lead\${word:skip}"); done
}
_imageport() {
  local raw=\${COMP_WORDS[COMP_CWORD]} broken='^[:=]+$' glue= path= lead= skip=0 last=-1 i word cur prev
  local -a words=()
  COMPREPLY=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $i -gt 1 && $word =~ $broken ]]; then words[last]+=$word; glue=1
    elif [[ $glue ]]; then words[last]+=$word; glue=
    else last=$((last + 1)); words[last]=$word; fi
  done
  cur=\${words[last]} prev=\${words[last-1]}
  if [[ $cur == --*=* ]]; then prev=\${cur%%=*}; cur=\${cur#*=}; fi
  [[ $COMP_CWORD -gt 1 && $raw =~ $broken ]] && raw=
  if [[ \${#raw} -gt \${#cur} ]]; then lead=\${raw:0:\${#raw}-\${#cur}}; else skip=$((\${#cur} - \${#raw})); fi
  case $prev in
${takers(commands).map(toCase).join('\n')}
  esac
  for word in "\${words[@]:1:last-1}"; do
    case "\${path:+$path }$word" in ${paths(commands)}) path="\${path:+$path }$word" ;; esac
  done
  if [[ $cur != -* ]]; then
    case $path in ${filePaths(commands)}) _imageport_offer < <(compgen -f -- "$cur"); return ;; esac
  fi
  case $path in
${commands.map((each) => `    ${single(each.path)}) _imageport_offer < <(compgen -W ${single(allOf(each))} -- "$cur") ;;`).join('\n')}
  esac
  [[ $cur == -* || \${#COMPREPLY[@]} -gt 0 ]] && return
  _imageport_offer < <(compgen -f -- "$cur")
}
complete -o filenames -F _imageport imageport
`;
}

const allOf = ({ words, options }: CommandWords): string =>
  [...words.map(({ name }) => name), ...options.flatMap(({ names }) => names)].join(' ');

/** What is offered behind an option. */
function toCase({ names, takes, atHosts }: OptionWords): string {
  const offer = (what: string): string => `_imageport_offer < <(compgen ${what})`;
  const words = (list: readonly string[]): string => `-W ${single(list.join(' '))}`;
  const before = `    ${names.join('|')})`;
  if (takes === 'file') return `${before} ${offer('-f -- "$cur"')}; return ;;`;
  if (!atHosts) return `${before} ${offer(`${words([takes].flat())} -- "$cur"`)}; return ;;`;
  const one = (list: readonly string[]): string => offer(`-P "$list" ${words(list)} -- "\${cur##*,}"`);
  return `${before}
      local list=
      [[ $cur == *,* ]] && list=\${cur%,*},
      case \${cur##*,} in
        *:*) ${one(atHosts)} ;;
        *) ${one([takes].flat())} ;;
      esac
      return ;;`;
}
