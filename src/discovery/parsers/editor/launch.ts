import * as v from 'valibot';
import type { FileParser, FoundServer } from '../../files/fileParser.js';
import { isObject } from '../../files/isObject.js';
import { parseJsonc } from '../../files/jsonc.js';
import { folderOf } from '../../files/relativePath.js';
import { UnknownVariableError, fillFolderVariables, parentPath } from '../../files/folderVariables.js';
import { maxEntries } from '../../files/limits.js';
import { excessProblem, unreadableFile } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';

/** Exported here, so that the bundler puts it into the same bundle: both use the same library. */
export { devcontainer } from './devcontainer.js';

const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0')),
);

/** An entry of `configurations`; other properties are for the program that defines the file. */
const schema = v.object({
  name: v.pipe(text, v.trim(), v.nonEmpty()),
  runtimeExecutable: v.optional(v.pipe(text, v.nonEmpty())),
  runtimeArgs: v.optional(v.array(text)),
  program: v.optional(v.pipe(text, v.nonEmpty())),
  args: v.optional(v.array(text)),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  cwd: v.optional(text),
  env: v.optional(v.record(v.pipe(text, v.regex(/^[^=]+$/u)), text)),
});
type Configuration = v.InferOutput<typeof schema>;

/** Finds the servers that `.claude/launch.json` lists for agents. */
export const launchParser: FileParser = {
  source: 'launch',
  patterns: ['.claude/launch.json'],
  parse: (file, { l10n }) => {
    const tooLarge = sizeProblem(file.text, l10n);
    if (tooLarge !== undefined) return unreadableFile(tooLarge);
    const { value, problems } = parseJsonc(file.text, l10n);
    const entries = isObject(value) ? value['configurations'] : undefined;
    if (value !== undefined && !Array.isArray(entries))
      return { servers: [], problems: [...problems, l10n.t('"configurations" is not a list.')] };
    const servers: FoundServer[] = [];
    const list: unknown[] = Array.isArray(entries) ? entries : [];
    const entryProblems = excessProblem(list, l10n);
    for (const [index, entry] of list.slice(0, maxEntries).entries()) {
      const server = launchServer(entry, folderOf(folderOf(file.path)));
      if (typeof server === 'object') servers.push(server);
      else entryProblems.push(l10n.t('Entry {0} was ignored: {1}.', index + 1, server));
    }
    return { servers, problems: [...problems, ...entryProblems] };
  },
};

/** Returns the server, or the name of the invalid property or variable. */
function launchServer(entry: unknown, folder: string): FoundServer | string {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) return `"${v.getDotPath(parsed.issues[0]) ?? 'name'}"`;
  const { name, port } = parsed.output;
  try {
    return { name, ...launchCommand(parsed.output, folder), ...(port === undefined ? {} : { port }) };
  } catch (error) {
    return error instanceof UnknownVariableError ? error.variable : String(error);
  }
}

/** Returns the command of an entry; Node.js runs its `program`. Throws an `UnknownVariableError`. */
function launchCommand(
  { runtimeExecutable, runtimeArgs = [], program, args = [], cwd = '', env }: Configuration,
  folder: string,
): Pick<FoundServer, 'command' | 'directory' | 'env'> {
  const folderName = folder.split('/').pop() ?? '';
  const subfolder = fillFolderVariables(cwd, '.', folderName);
  const fill = (value: string): string => fillFolderVariables(value, parentPath(subfolder), folderName);
  const allArgs = program === undefined ? runtimeArgs : [...runtimeArgs, program, ...args];
  const file = runtimeExecutable ?? (program === undefined ? undefined : 'node');
  if (file === undefined) throw new UnknownVariableError('"runtimeExecutable"');
  return {
    command: { kind: 'argv', file: fill(file), args: allArgs.map(fill) },
    directory: [folder, subfolder].filter((part) => part !== '').join('/'),
    ...(env && {
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
    }),
  };
}
