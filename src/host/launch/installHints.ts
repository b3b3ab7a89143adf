import { systemTools } from '../../core/serverTools/systemTools.js';
import type { ToolRow } from '../../core/serverTools/toolRow.js';

const tools: ReadonlyMap<string, ToolRow> = new Map<string, ToolRow>(Object.entries(systemTools));

/** Returns a sentence on how to install a missing program, after a space; empty for a program without advice. */
export function toolHint(name: string): string {
  const hint = tools.get(name)?.install;
  return hint === undefined ? '' : ` ${hint}`;
}
