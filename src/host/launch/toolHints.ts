import { systemTools } from '../../core/tools/systemTools.js';
import type { ToolRow } from '../../core/tools/toolRow.js';

const tools: ReadonlyMap<string, ToolRow> = new Map<string, ToolRow>(Object.entries(systemTools));

/** Returns a sentence on what to do when a program is not found, after a space; empty for a program without advice. */
export function toolHint(name: string): string {
  const hint = tools.get(name)?.install;
  return hint === undefined ? '' : ` ${hint}`;
}
