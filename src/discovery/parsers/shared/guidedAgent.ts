import type { Agent } from 'package-manager-detector';
import type { FolderFacts } from '../../files/fileParser.js';
import { guideLines } from './guideLines.js';

/**
 * Returns the package manager that the guides of a folder call, if its lock files belong to several. One of these is
 * left over or written by a tool, and only the guides say which one developers use.
 */
export function guidedAgent(folder: string, agents: readonly Agent[], facts: FolderFacts): Agent | undefined {
  if (agents.length < 2) return undefined;
  const lines = guideLines(folder, facts);
  const [called, ...others] = agents.filter((agent) => lines.some((line) => calls(agent, line)));
  return others.length === 0 ? called : undefined;
}

/** Returns whether a line installs the packages of a project or runs one of its scripts. */
function calls(agent: Agent, line: string): boolean {
  return new RegExp(String.raw`(?<![\w-])${agent} (?:ci|i|install|run|start|dev|build)(?![\w-])`, 'u').test(
    line,
  );
}
