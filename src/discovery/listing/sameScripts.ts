import type { FoundDefinition } from '../files/foundDefinition.js';
import { scriptRank } from '../scripts/serverScripts.js';
import { runsBuild } from './serverRank.js';
import { hasHooks } from './startedScript.js';

/** Options that say where a server listens. A word after `--host` may also be a folder. */
const addressOption =
  / (?:(?:--port[ =]|-p )\d+|--host(?:name)?(?:[ =](?:localhost|(?=[^\s.:]*[.:])[\w.:[\]-]+))?|-H \S+)(?= |$)/gu;

/** Options of Node.js that observe a program that is already built. */
const nodeOption =
  / (?:(?:-r|--require|--import)[ =]\S+|--inspect(?:-brk)?(?:=\S+)?|--enable-source-maps)(?= )/gu;

/** Programs that run the variant of the current script for the system of the machine. */
const systemRunner = /^(?:npx )?(?:run-script-os|cross-os|run-os)$/u;

/** Suffix of the name of a script for some systems, as `run-script-os` reads it. */
const systems =
  /^(?:(?:^|:)(?:win32|windows|darwin|macos|linux|nix|default|freebsd|openbsd|sunos|aix|android))+$/u;

/**
 * Maps each script to the script of its package that it repeats: both have the same line, or the other script runs it
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
    // A script for production or another system may differ by its hooks, or because a program reads its name.
    const line = runsBuild(server.definition) ? script.body.replaceAll(nodeOption, '') : script.body;
    // `dev` and `docs:dev`
    const purpose = server.purpose === 'documentation' ? 'development' : server.purpose;
    const key = `${cwd}\0${purpose}\0${line.replaceAll(addressOption, '')}`;
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

/** Orders scripts by name, the most usual one first. */
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
