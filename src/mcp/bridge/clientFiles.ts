import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import type { NodeCommand } from './mcpCommand.js';

/** Name of the MCP server in every configuration. */
const serverName = 'dev-servers';

/** A file in which MCP clients keep their servers. */
export interface ClientFile {
  /** Path relative to the workspace folder, with `/`. */
  readonly path: string;
  /** Clients that read it. */
  readonly clients: string;
  readonly format: 'json' | 'toml';
  /** Key of the object with the servers. */
  readonly key: string;
  /** Whether an entry has a property for its kind of transport. */
  readonly namesTransport?: true;
}

/** The files as the documentation of each client has them. */
export const clientFiles: readonly ClientFile[] = [
  { path: '.mcp.json', clients: 'Claude Code', format: 'json', key: 'mcpServers' },
  { path: '.vscode/mcp.json', clients: 'VS Code', format: 'json', key: 'servers', namesTransport: true },
  { path: '.cursor/mcp.json', clients: 'Cursor', format: 'json', key: 'mcpServers' },
  { path: '.codex/config.toml', clients: 'Codex', format: 'toml', key: 'mcp_servers' },
];

/** Reason why a file was not changed. */
export type RefusedMerge = 'invalid' | 'foreignEntry';

/** Thrown when the file is not valid, or has an entry of that name that does not belong to this extension. */
export class MergeError extends Error {
  override readonly name = 'MergeError';

  constructor(readonly reason: RefusedMerge) {
    super(reason);
  }
}

/**
 * Returns the text of the file with the MCP server added. Everything else is kept, including comments and white space.
 * `text` is `undefined` if there is no file. Throws a `MergeError`.
 */
export function withServer(
  text: string | undefined,
  { format, key, namesTransport }: ClientFile,
  { command, env }: NodeCommand,
  args: readonly [launcher: string, ...others: string[]],
): string {
  const entry = { ...(namesTransport && { type: 'stdio' }), command, args, env };
  const isOwn = (found: unknown): boolean => found === undefined || firstArgument(found) === args[0];
  // Editors of Windows write a byte order mark, which is no part of either format.
  const [, mark = '', content = ''] = /^(\uFEFF?)([^]*)$/u.exec(text ?? '') ?? [];
  if (format === 'toml') return mark + withTomlTable(content, key, entry, isOwn);
  return mark + withJsonMember(content.trim() === '' ? '{}\n' : content, key, entry, isOwn);
}

function withJsonMember(
  text: string,
  key: string,
  entry: object,
  isOwn: (found: unknown) => boolean,
): string {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !isTable(value) || (key in value && !isTable(value[key])))
    throw new MergeError('invalid');
  if (!isOwn(memberOf(value[key], serverName))) throw new MergeError('foreignEntry');
  const formattingOptions = {
    insertSpaces: !/^\t/mu.test(text),
    tabSize: 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edited = applyEdits(text, modify(text, [key, serverName], entry, { formattingOptions }));
  return withEntry(edited, parse(edited), key);
}

/** A TOML table can only be appended without changing the rest, so an own table that exists already is kept. */
function withTomlTable(
  text: string,
  key: string,
  {
    command,
    args,
    env,
  }: { readonly command: string; readonly args: readonly string[]; readonly env: object },
  isOwn: (found: unknown) => boolean,
): string {
  const value = tomlOf(text);
  const found = memberOf(memberOf(value, key), serverName);
  if (!isOwn(found)) throw new MergeError('foreignEntry');
  if (found !== undefined) return text;
  // A basic string of TOML has the escapes of JSON.
  const variables = Object.entries(env).map(([name, each]) => `${name} = ${JSON.stringify(each)}`);
  const lines = [
    `[${key}.${serverName}]`,
    `command = ${JSON.stringify(command)}`,
    `args = ${JSON.stringify(args)}`,
    ...(variables.length === 0 ? [] : [`env = { ${variables.join(', ')} }`]),
  ];
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const edited = `${before}${before === '' ? '' : '\n'}${lines.join('\n')}\n`;
  return withEntry(edited, tomlOf(edited), key);
}

function tomlOf(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    throw new MergeError('invalid');
  }
}

/** Returns the text. Throws if a reader would not find the entry, as after a second member of the same name. */
function withEntry(text: string, value: unknown, key: string): string {
  if (memberOf(memberOf(value, key), serverName) === undefined) throw new MergeError('invalid');
  return text;
}

/** The launcher is in the storage of the extension, so an entry that names it is its own. */
function firstArgument(entry: unknown): unknown {
  const args = memberOf(entry, 'args');
  return Array.isArray(args) ? args[0] : undefined;
}

function memberOf(value: unknown, key: string): unknown {
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
