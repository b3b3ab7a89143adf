import { systemTools } from '../../core/serverTools/systemTools.js';
import type { ToolRow } from '../../core/serverTools/toolRow.js';
import type { Template } from '../../core/text.js';

const tools: ReadonlyMap<string, ToolRow> = new Map<string, ToolRow>(Object.entries(systemTools));

/** Returns a sentence on how to install a missing program; `undefined` for a program without advice. */
export function toolHint(name: string): Template | undefined {
  return tools.get(name)?.install;
}
