import type { InheritedEnvironment, StartRequest } from '../../core/lifecycle/processHost.js';
import { programInLine } from '../../core/commandLine/program.js';
import type { ServerCommand } from '../../core/server/definition.js';
import { serverEnvironment } from './environment.js';
import { readEnvironmentFiles } from './environmentFiles.js';
import { findProgram, requireFolder, requireFound } from './executable.js';
import type { Platform, ProgramLine } from '../platform/platform.js';
import type { ShellEnvironment } from './shellEnvironment.js';

interface LaunchDeps {
  readonly platform: Platform;
  readonly shell: ShellEnvironment;
}

const withoutSettings: InheritedEnvironment = { terminal: {}, shell: 'auto' };

/** A program that is ready to be executed. */
export interface Launch {
  readonly program: ProgramLine;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Resolves the program and the environment of a start. Rejects with `spawnFailed`, naming what is missing: the folder, a
 * file with variables, or the program.
 */
export async function prepareLaunch(request: StartRequest, { platform, shell }: LaunchDeps): Promise<Launch> {
  const { command, cwd } = request;
  const settings = request.environment ?? withoutSettings;
  const { terminal } = settings;
  const since = performance.now();
  const files = await readEnvironmentFiles(request.envFiles ?? []);
  const environmentOver = (inherited: NodeJS.ProcessEnv): Record<string, string> =>
    serverEnvironment(
      { inherited, terminal: shell.missingIn(inherited, terminal), files, own: request.env },
      request.runId,
    );
  const file = requiredProgram(command);
  const search = async (env: Record<string, string>) =>
    file === undefined
      ? undefined
      : findProgram(file, { cwd, env, endings: platform.executableEndings(env) });

  const inherited = await shell.inherited(cwd, settings);
  let env = environmentOver(inherited);
  let [found] = await Promise.all([search(env), requireFolder(cwd)]);
  if (found?.kind === 'missing') {
    // Version managers put tools on the PATH in the start-up files of the shell.
    for await (const other of shell.others(cwd, settings, { used: inherited, since })) {
      const otherEnv = environmentOver(other);
      const otherFound = await search(otherEnv);
      if (otherFound?.kind === 'missing') continue;
      [env, found] = [otherEnv, otherFound];
      break;
    }
  }
  const path = file === undefined || !found ? undefined : requireFound(file, found);
  return { program: platform.toProgramLine(command, path, cwd), env };
}

/**
 * Returns the program that must exist: that of the arguments, the named shell, or that of the line where it is certain.
 */
function requiredProgram(command: ServerCommand): string | undefined {
  return command.kind === 'argv' ? command.file : (command.shell ?? programInLine(command.line));
}
