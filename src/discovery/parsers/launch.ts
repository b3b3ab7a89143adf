import * as v from 'valibot';
import type { FileParser, FoundServer } from '../files/fileParser.js';
import { isObject } from '../files/isObject.js';
import { parseJsonc } from '../files/jsonc.js';
import { folderOf } from '../files/relativePath.js';
import { UnknownVariableError, withFolder, parentPath } from '../files/folderVariables.js';

const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0')),
);

/** One entry of `configurations`; what is not named here is for the program that the file was written for. */
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

/** Finds the servers that `.claude/launch.json` names for agents. */
export const launchParser: FileParser = {
  source: 'launch',
  patterns: ['.claude/launch.json'],
  parse: (file, { l10n }) => {
    const { value, problems } = parseJsonc(file.text, l10n);
    const entries = isObject(value) ? value['configurations'] : undefined;
    if (value !== undefined && !Array.isArray(entries))
      return { servers: [], problems: [...problems, l10n.t('"configurations" is not a list.')] };
    const servers: FoundServer[] = [];
    const faults: string[] = [];
    for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
      const made = serverOf(entry, folderOf(folderOf(file.path)));
      if (typeof made === 'object') servers.push(made);
      else faults.push(l10n.t('Entry {0} is left out: {1}.', index + 1, made));
    }
    return { servers, problems: [...problems, ...faults] };
  },
};

/** The server, or the property or variable that is wrong. */
function serverOf(entry: unknown, folder: string): FoundServer | string {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) return `"${v.getDotPath(parsed.issues[0]) ?? 'name'}"`;
  const { name, port } = parsed.output;
  try {
    return { name, ...commandOf(parsed.output, folder), ...(port === undefined ? {} : { port }) };
  } catch (error) {
    return error instanceof UnknownVariableError ? error.variable : String(error);
  }
}

/** Throws an `UnknownVariableError`. A `program` is run by Node.js. */
function commandOf(
  { runtimeExecutable, runtimeArgs = [], program, args = [], cwd = '', env }: Configuration,
  folder: string,
): Pick<FoundServer, 'command' | 'directory' | 'env'> {
  const below = withFolder(cwd, '.', folder.split('/').pop() ?? '');
  const filled = (word: string): string => withFolder(word, parentPath(below), folder.split('/').pop() ?? '');
  const words = program === undefined ? runtimeArgs : [...runtimeArgs, program, ...args];
  const file = runtimeExecutable ?? (program === undefined ? undefined : 'node');
  if (file === undefined) throw new UnknownVariableError('"runtimeExecutable"');
  return {
    command: { kind: 'argv', file: filled(file), args: words.map(filled) },
    directory: [folder, below].filter((part) => part !== '').join('/'),
    ...(env && {
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, filled(value)])),
    }),
  };
}
