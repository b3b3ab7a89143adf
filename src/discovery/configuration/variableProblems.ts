import type { ServerDefinition } from '../../core/server/definition.js';
import { findVariables } from '../../core/commandLine/variables.js';
import type { EntryPath, EntryProblem } from './entryProblem.js';
import type { Translator } from '../../core/common.js';

/** Beginnings of variables that users may expect here from tasks and launch configurations. */
const knownElsewhere =
  /^\$\{(?:config:|command:|input:|file|relativeFile|workspaceRoot|workspaceFolder:|userHome|cwd\}|pathSeparator|selectedText|lineNumber|execPath|defaultBuildTask|port:\}|url[:}]|env[:}])/u;

/**
 * Returns warnings for unknown variables, which stay as they are. In a shell line, which may hold variables of the shell,
 * only those of tasks and launch configurations count.
 */
export function variableProblems(
  { command, env }: ServerDefinition,
  propertyPath: (key: string) => EntryPath,
  l10n: Translator,
): EntryProblem[] {
  const inCommand =
    command.kind === 'shell'
      ? unknownVariables(command.line, knownElsewhere).map((excerpt) => ({
          path: propertyPath('command'),
          excerpt,
        }))
      : [
          ...unknownVariables(command.file, /./u).map((excerpt) => ({
            path: propertyPath('command'),
            excerpt,
          })),
          ...command.args.flatMap((arg) =>
            unknownVariables(arg, /./u).map((excerpt) => ({ path: propertyPath('args'), excerpt })),
          ),
        ];
  const inEnv = Object.values(env).flatMap((value) =>
    unknownVariables(value, /./u).map((excerpt) => ({ path: propertyPath('env'), excerpt })),
  );
  return [...inCommand, ...inEnv].map(({ path, excerpt }) => ({
    path,
    excerpt,
    reason: l10n.t('{0} is not a known variable', excerpt),
    isWarning: true,
  }));
}

function unknownVariables(text: string, suspects: RegExp): string[] {
  const known = new Set(findVariables(text).map((variable) => variable.text));
  return (text.match(/\$\{[^{}]*\}/gu) ?? []).filter(
    (variable) => !known.has(variable) && suspects.test(variable),
  );
}
