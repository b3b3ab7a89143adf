import type { ServerDefinition } from '../server/definition.js';

/** The package managers whose `install` installs what package.json names. */
const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn', 'bun']);

/** Returns the package manager that starts a server; `undefined` if none does. */
export function packageManagerOf({ command }: Pick<ServerDefinition, 'command'>): string | undefined {
  const [program = ''] = command.kind === 'argv' ? [command.file] : command.line.split(' ');
  return managers.has(program) ? program : undefined;
}
