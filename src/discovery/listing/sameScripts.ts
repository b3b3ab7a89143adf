import type { FoundDefinition } from '../files/foundDefinition.js';
import { scriptRank } from '../scripts/serverScripts.js';
import { hasHooks } from './startedScript.js';

const portOption = / (?:--port[ =]|-p )\d+(?= |$)/gu;

/** Packages that run the script of the own name for the system of the machine. */
const systemRunner = /^(?:npx )?(?:run-script-os|cross-os|run-os)$/u;

/** The end of the name of a script for some systems, as `run-script-os` reads it. */
const systems =
  /^(?:(?:^|:)(?:win32|windows|darwin|macos|linux|nix|default|freebsd|openbsd|sunos|aix|android))+$/u;

/**
 * Returns the script of the same package that each script repeats: its line is the same, or it is what that script runs
 * on some system.
 */
export function sameScripts(found: readonly FoundDefinition[]): Map<FoundDefinition, FoundDefinition> {
  const first = new Map<string, FoundDefinition>();
  const same = new Map<FoundDefinition, FoundDefinition>();
  const scripts = found.filter(
    ({ definition: { source, script }, traits }) =>
      source === 'scripts' && script !== undefined && traits.isGuess !== true,
  );
  for (const server of scripts.toSorted(compareNames)) {
    const { name, cwd, script } = server.definition;
    if (script === undefined || hasHooks(name, script)) continue;
    // One for production or for another system may differ by its hooks or by what reads its name.
    const key = `${cwd}\0${server.purpose}\0${script.body.replaceAll(portOption, '')}`;
    const known = first.get(key);
    if (known) same.set(server, known);
    else first.set(key, server);
  }
  for (const server of scripts) {
    const runner = scripts.length > 1 ? runnerOf(server, scripts) : undefined;
    if (runner) same.set(server, runner);
  }
  return same;
}

/** Orders scripts by how usual their names are. */
export function compareNames(one: FoundDefinition, other: FoundDefinition): number {
  return scriptRank(one.definition.name) - scriptRank(other.definition.name);
}

/** Returns the script that runs another one on some system. */
function runnerOf(
  { definition: { name, cwd } }: FoundDefinition,
  scripts: readonly FoundDefinition[],
): FoundDefinition | undefined {
  if (!name.includes(':')) return undefined;
  return scripts.find(
    ({ definition }) =>
      definition.cwd === cwd &&
      systemRunner.test(definition.script?.body ?? '') &&
      name.startsWith(`${definition.name}:`) &&
      systems.test(name.slice(definition.name.length + 1)),
  );
}
