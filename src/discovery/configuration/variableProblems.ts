import type { ServerDefinition } from '../../core/server/definition.js';
import { findVariables } from '../../core/commandLine/variables.js';
import type { EntryPath, EntryProblem } from './entryProblem.js';
import type { Translator } from '../../core/common.js';

/** Beginnings of variables that users know from tasks and launch configurations, and may expect here. */
const knownElsewhere =
  /^\$\{(?:config:|command:|input:|file|relativeFile|workspaceRoot|workspaceFolder:|userHome|cwd\}|pathSeparator|selectedText|lineNumber|execPath|defaultBuildTask|port:\}|url[:}]|env[:}])/u;

/**
 * Returns warnings for unknown variables, which stay as they are. A shell line may contain variables of the shell, so
 * only those of tasks and launch configurations count there.
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
