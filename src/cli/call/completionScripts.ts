import {
  commandSpecs,
  optionSpecs,
  type CommandSpec,
  type OptionName,
  type OptionSpec,
} from './commandSpecs.js';

const specs: readonly (readonly [string, CommandSpec])[] = Object.entries(commandSpecs);

/** Names of servers come from the files of a workspace, so no script may let its shell expand them. */
const namesCommand = 'devservers completion names';

const allOptions: readonly (readonly [OptionName, OptionSpec])[] = Object.entries(optionSpecs) as [
  OptionName,
  OptionSpec,
][];

const scripts: Readonly<Record<string, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Returns the completion script of a shell; `undefined` for any other shell. */
export function completionScript(shell: string): string | undefined {
  return Object.hasOwn(scripts, shell) ? scripts[shell]?.() : undefined;
}

/**
 * Returns the completion script for bash, from version 3.2 of macOS on. Where it offers nothing, as after `--folder`, bash
 * offers folders.
 */
function bashCompletion(): string {
  const cases = specs.map(([name, spec]) => `    ${name}) offered='${optionWords(spec).join('\n')}' ;;`);
  return `# Completion of devservers for bash.
_devservers() {
  local line=\${COMP_LINE:0:COMP_POINT} command=\${COMP_WORDS[1]} offered='' prefix='' folder=. word at
  local current=\${line##* } previous=\${COMP_WORDS[COMP_CWORD-1]}
  if [ "$COMP_CWORD" -le 1 ]; then command=; fi
  for ((at = 2; at < COMP_CWORD - 1; at++)); do
    case \${COMP_WORDS[at]} in ${flagsOf('folder').join('|')}) ;; *) continue ;; esac
    # An equals sign is a word of its own for bash.
    case \${COMP_WORDS[at+1]} in =) ((at++)) ;; esac
    folder=\${COMP_WORDS[at+1]/#\\~/$HOME}
  done
  case $command in
    '') offered='${specs.map(([name]) => name).join('\n')}' ;;
${cases.join('\n')}
  esac
  case $command in
    ${namedCommands().join('|')}) offered="$offered"$'\\n'"$(${namesCommand} -C "$folder" 2>/dev/null)" ;;
    completion) offered=$'bash\\nzsh\\nfish' ;;
  esac
  case $previous in
${valueCases((values) => `offered='${values.join('\n')}'`)}
  esac
  # A colon begins a new word for bash, so only what follows it is replaced.
  case $current in *:*) case $COMP_WORDBREAKS in *:*) prefix=\${current%"\${current##*:}"} ;; esac ;; esac
  COMPREPLY=()
  while IFS= read -r word; do
    case $word in
      '') ;;
      "$current"*) COMPREPLY+=("$(printf '%q' "\${word#"$prefix"}")") ;;
    esac
  done <<< "$offered"
}
complete -o dirnames -F _devservers devservers
`;
}

/** Returns the completion script for zsh. */
function zshCompletion(): string {
  const cases = specs.map(([name, spec]) => `    ${name}) offered=(${optionWords(spec).join(' ')}) ;;`);
  return `#compdef devservers
# Completion of devservers for zsh.
_devservers() {
  local -a offered names
  local folder=. at
  if (( CURRENT == 2 )); then
    compadd -- ${specs.map(([name]) => name).join(' ')}
    return
  fi
  case $words[CURRENT-1] in
    ${flagsOf('folder').join('|')}) _files -/; return ;;
${valueCases((values) => `compadd -- ${values.join(' ')}; return`)}
  esac
  for ((at = 2; at < CURRENT - 1; at++)); do
    case $words[at] in ${flagsOf('folder').join('|')}) folder=\${\${(Q)words[at+1]}/#\\~/$HOME} ;; esac
    case $words[at+1] in --folder=*) folder=\${\${(Q)words[at+1]}#*=} ;; esac
  done
  case $words[2] in
${cases.join('\n')}
  esac
  case $words[2] in
    ${namedCommands().join('|')}) names=("\${(@f)$(${namesCommand} -C "$folder" 2>/dev/null)}") ;;
    completion) names=(bash zsh fish) ;;
    list) _files -/ ;;
  esac
  compadd -- $offered $names
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _devservers devservers
`;
}

/** Returns the completion script for fish. */
function fishCompletion(): string {
  const lines = specs.flatMap(([name, spec]) => [
    `complete -c devservers -f -n __fish_use_subcommand -a ${name} -d ${quoted(spec.summary)}`,
    ...optionsOf(spec).map((option) => fishOption(name, option)),
  ]);
  return `# Completion of devservers for fish.
function __devservers_names
  set -l folder .
  set -l previous ''
  for word in (commandline -opc)
    contains -- $previous ${flagsOf('folder').join(' ')}; and set folder (string replace -r '^~' $HOME -- $word)
    string match -q -- '--folder=*' $word; and set folder (string replace -- --folder= '' $word)
    set previous $word
  end
  ${namesCommand} -C $folder 2>/dev/null
end
complete -c devservers -f
${lines.join('\n')}
complete -c devservers -n '__fish_seen_subcommand_from ${namedCommands().join(' ')}' -a '(__devservers_names)'
complete -c devservers -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c devservers -n '__fish_seen_subcommand_from list' -a ${fishFolders}
`;
}

const fishFolders = "'(__fish_complete_directories)'";

/** Returns what a shell does after each option that takes a value, with the values that can be offered. */
function valueCases(action: (values: readonly string[]) => string): string {
  return allOptions
    .filter(([, { value }]) => value !== undefined)
    .map(([name, spec]) => `    ${flagsOf(name).join('|')}) ${action(offeredValues(spec))} ;;`)
    .join('\n');
}

/** A value that the help text calls by a name in upper case is up to the user. */
function offeredValues({ value = '' }: OptionSpec): readonly string[] {
  return value === '' || value === value.toUpperCase() ? [] : value.split('|');
}

function flagsOf(name: OptionName): readonly string[] {
  const { short }: OptionSpec = optionSpecs[name];
  return [...(short === undefined ? [] : [`-${short}`]), `--${name}`];
}

function fishOption(command: string, name: OptionName): string {
  const spec: OptionSpec = optionSpecs[name];
  const { short, value, summary } = spec;
  const flags = [
    `-l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(value === undefined ? [] : ['-x']),
    ...(name === 'folder' ? ['-a', fishFolders] : []),
    ...offeredValues(spec).flatMap((each) => ['-a', each]),
  ];
  return `complete -c devservers -n '__fish_seen_subcommand_from ${command}' ${flags.join(' ')} -d ${quoted(summary)}`;
}

function namedCommands(): readonly string[] {
  return specs.filter(([, { names }]) => names.label.startsWith('[NAME')).map(([name]) => name);
}

function optionsOf({ options }: CommandSpec): readonly OptionName[] {
  return [...options, 'help'];
}

function optionWords(spec: CommandSpec): readonly string[] {
  return optionsOf(spec).map((name) => `--${name}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`\'`)}'`;
}
