import type { StartRequest } from '../../core/lifecycle/processHost.js';
import { programInLine } from '../../core/commandLine/program.js';
import type { ServerCommand } from '../../core/server/definition.js';
import { serverEnvironment } from './environment.js';
import { readEnvironmentFiles } from './envFiles.js';
import { findProgram, requireFolder, requireFound } from './executable.js';
import type { Platform, ProgramLine } from '../platform/platform.js';
import type { ShellEnvironment } from './shellEnvironment.js';

interface LaunchDeps {
  readonly platform: Platform;
  readonly shell: ShellEnvironment;
}

/** What is executed, with what environment. */
export interface Launch {
  readonly program: ProgramLine;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Looks whether everything is there that the command needs. Throws `spawnFailed`, which names what is not: the folder, a
 * file of variables, the program.
 */
export async function prepareLaunch(request: StartRequest, { platform, shell }: LaunchDeps): Promise<Launch> {
  const { command, cwd, environment } = request;
  const files = await readEnvironmentFiles(request.envFiles ?? []);
  const mode = environment?.shell ?? 'auto';
  const envOver = (inherited: NodeJS.ProcessEnv): Record<string, string> =>
    serverEnvironment(
      { inherited, terminal: environment?.terminal ?? {}, files, own: request.env },
      request.runId,
    );
  const file = programOf(command);
  const search = async (env: Record<string, string>) =>
    file === undefined
      ? undefined
      : findProgram(file, { cwd, env, endings: platform.executableEndings(env) });

  let env = envOver(await shell.inherited(mode));
  let [found] = await Promise.all([search(env), requireFolder(cwd)]);
  if (found?.kind === 'missing') {
    // Version managers put tools on the PATH by the start-up files of the shell.
    const more = await shell.completed(mode);
    if (more) {
      env = envOver(more);
      found = await search(env);
    }
  }
  const path = file === undefined || !found ? undefined : requireFound(file, found);
  return { program: platform.toProgramLine(command, path), env };
}

/** The program that must be there: the shell that is named, or that of the line where it is sure. */
function programOf(command: ServerCommand): string | undefined {
  return command.kind === 'argv' ? command.file : (command.shell ?? programInLine(command.line));
}
