import type { ServerDefinition } from '../../core/server/definition.js';
import { findVariables } from '../../core/commandLine/variables.js';
import type { EntryPath, EntryProblem } from './entryProblem.js';
import type { Translator } from '../../core/common.js';

/** Variables of tasks and launch configurations that people may expect here, by the beginning of their names. */
const knownElsewhere =
  /^\$\{(?:config:|command:|input:|file|relativeFile|workspaceRoot|workspaceFolder:|userHome|cwd\}|pathSeparator|selectedText|lineNumber|execPath|defaultBuildTask|port:\}|url[:}]|env[:}])/u;

/** Warns of what looks like a variable and stays as it is. What a shell reads may have variables of its own. */
export function variableProblems(
  { command, env }: ServerDefinition,
  pathOf: (key: string) => EntryPath,
  l10n: Translator,
): EntryProblem[] {
  const words =
    command.kind === 'shell'
      ? unknownIn(command.line, knownElsewhere).map((word) => ({ path: pathOf('command'), word }))
      : [
          ...unknownIn(command.file, /./u).map((word) => ({ path: pathOf('command'), word })),
          ...command.args.flatMap((arg) =>
            unknownIn(arg, /./u).map((word) => ({ path: pathOf('args'), word })),
          ),
        ];
  const inEnv = Object.values(env).flatMap((value) =>
    unknownIn(value, /./u).map((word) => ({ path: pathOf('env'), word })),
  );
  return [...words, ...inEnv].map(({ path, word }) => ({
    path,
    word,
    reason: l10n.t('{0} is not a known variable', word),
    isWarning: true,
  }));
}

function unknownIn(text: string, suspects: RegExp): string[] {
  const known = new Set(findVariables(text).map(({ text: variable }) => variable));
  return (text.match(/\$\{[^{}]*\}/gu) ?? []).filter((word) => !known.has(word) && suspects.test(word));
}
