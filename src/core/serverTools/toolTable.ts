import { npmTools } from './npmTools.js';
import { systemTools } from './systemTools.js';
import { splitList, type ToolRow } from './toolRow.js';

const tools: ReadonlyMap<string, ToolRow> = new Map<string, ToolRow>(
  Object.entries({ ...npmTools, ...systemTools }),
);

const programs = new Map(
  [...tools].flatMap(([name, { packages = '' }]) => splitList(packages).map((each) => [each, name] as const)),
);

/** Returns what is known of the program with this name. */
export function toolNamed(name: string): ToolRow | undefined {
  return tools.get(name);
}

/** Returns the name of the program of an npm package; `undefined` where the package is not known to have another name. */
export function programOfPackage(name: string): string | undefined {
  return programs.get(name);
}
