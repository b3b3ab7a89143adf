import { commandFromWords, parseSimpleCommand, splitCommands } from '../commandLine/parse.js';
import { isNamedByUser, type DiscoverySource, type ServerDefinition } from '../server/definition.js';
import { otherPrograms } from '../serverTools/otherPrograms.js';
import { toolNamed } from '../serverTools/toolTable.js';

/**
 * Frameworks for which the source of the definition gives a better name than the program in the command. Product names
 * are not translated.
 */
const frameworks: Partial<Record<DiscoverySource, string>> = {
  compose: 'docker compose',
  django: 'Django',
  flask: 'Flask',
  fastapi: 'FastAPI',
  streamlit: 'Streamlit',
  rails: 'Rails',
  rack: 'Rack',
  laravel: 'Laravel',
  phoenix: 'Phoenix',
  dotnet: '.NET',
};

/** Words of a shell that start no program. */
const shellWords: ReadonlySet<string> = new Set(
  'if then elif else fi for do done while until case esac [ : exec exit return wait trap set export cd'.split(
    ' ',
  ),
);

/** Longest name of a program, in UTF-16 units; a row has no room for more. */
const maxLength = 30;

/** Returns the tool that serves, such as `vite` or `node`; `undefined` where it is not known. */
export function toolText(definition: ServerDefinition): string | undefined {
  const { source, command, script } = definition;
  const framework = isNamedByUser(definition) ? undefined : frameworks[source as DiscoverySource];
  if (framework !== undefined) return framework;
  if (script) return toolOfLine(script.body);
  return command.kind === 'shell'
    ? toolOfLine(command.line)
    : shortTool(commandFromWords([command.file, ...command.args])?.tool);
}

/** Returns the tool of the command that is known to serve, or else of the last one that may serve. */
function toolOfLine(line: string): string | undefined {
  const only = parseSimpleCommand(line)?.tool;
  if (only !== undefined) return shortTool(only);
  const tools = splitCommands(line)
    .flatMap((words) => commandFromWords(words)?.tool ?? [])
    .filter((tool) => !shellWords.has(tool));
  return shortTool(
    tools.find(isServing) ?? tools.findLast((tool) => !otherPrograms.has(tool)) ?? tools.at(-1),
  );
}

function isServing(tool: string): boolean {
  const { serves, otherwise } = toolNamed(tool) ?? {};
  return serves !== undefined || otherwise !== undefined;
}

function shortTool(tool: string | undefined): string | undefined {
  const name = tool?.slice(tool.lastIndexOf('\\') + 1);
  if (name === undefined || name === '' || shellWords.has(name)) return undefined;
  return name.length > maxLength ? undefined : name;
}
