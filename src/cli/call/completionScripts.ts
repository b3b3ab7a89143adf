import {
  commandSpecs,
  optionSpecs,
  type CommandSpec,
  type OptionName,
  type OptionSpec,
} from './commandSpecs.js';

const specs: readonly (readonly [string, CommandSpec])[] = Object.entries(commandSpecs);

/** Names of servers come from the files of a workspace, so no script may let its shell expand them. */
const namesCommand = 'devservers completion names 2>/dev/null';

const scripts: Readonly<Record<string, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Returns the completion script of a shell; `undefined` for any other shell. */
export function completionScript(shell: string): string | undefined {
  return Object.hasOwn(scripts, shell) ? scripts[shell]?.() : undefined;
}

/** Returns the completion script for bash, from version 3.2 of macOS on. */
function bashCompletion(): string {
  const cases = specs.map(([name, spec]) => `    ${name}) offered='${optionWords(spec).join('\n')}' ;;`);
  return `# Completion of devservers for bash.
_devservers() {
  local line=\${COMP_LINE:0:COMP_POINT} command=\${COMP_WORDS[1]} offered='' prefix='' word
  local current=\${line##* }
  if [ "$COMP_CWORD" -le 1 ]; then command=; fi
  case $command in
    '') offered='${specs.map(([name]) => name).join('\n')}' ;;
${cases.join('\n')}
  esac
  case $command in
    ${namedCommands().join('|')}) offered="$offered"$'\\n'"$(${namesCommand})" ;;
    completion) offered=$'bash\\nzsh\\nfish' ;;
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
complete -F _devservers devservers
`;
}

/** Returns the completion script for zsh. */
function zshCompletion(): string {
  const cases = specs.map(([name, spec]) => `    ${name}) offered=(${optionWords(spec).join(' ')}) ;;`);
  return `#compdef devservers
# Completion of devservers for zsh.
_devservers() {
  local -a offered names
  if (( CURRENT == 2 )); then
    compadd -- ${specs.map(([name]) => name).join(' ')}
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  case $words[2] in
    ${namedCommands().join('|')}) names=("\${(@f)$(${namesCommand})}") ;;
    completion) names=(bash zsh fish) ;;
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
complete -c devservers -f
${lines.join('\n')}
complete -c devservers -n '__fish_seen_subcommand_from ${namedCommands().join(' ')}' -a '(${namesCommand})'
complete -c devservers -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
`;
}

function fishOption(command: string, name: OptionName): string {
  const { short, value, summary }: OptionSpec = optionSpecs[name];
  const flags = [
    `-l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(value === undefined ? [] : ['-r']),
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
