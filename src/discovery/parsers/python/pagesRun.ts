import type { FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { baseName, folderOf } from '../../files/relativePath.js';
import { pythonCommand } from './python.js';

/** A library that serves the pages that a program describes, the call that starts it, and its port. */
interface PagesLibrary {
  readonly name: string;
  readonly starts: RegExp;
  readonly port: number;
}

const libraries: readonly PagesLibrary[] = [
  { name: 'nicegui', starts: /^\s{0,99}ui\.run\(/u, port: 8080 },
  { name: 'gradio', starts: /^\s{0,99}\w{1,50}\.launch\(/u, port: 7860 },
];

/** Returns the server of a file that starts the pages that it describes. */
export function pagesRun(
  { path }: FoundFile,
  lines: readonly string[],
  facts: FolderFacts,
): FoundServer | undefined {
  const library = libraries.find(
    ({ name, starts }) =>
      lines.some((line) => new RegExp(String.raw`^(?:import|from) ${name}\b`, 'u').test(line)) &&
      lines.some((line) => starts.test(line)),
  );
  const file = baseName(path);
  return (
    library && {
      name: `${library.name} ${file}`,
      command: pythonCommand(folderOf(path), [file], facts),
      port: library.port,
    }
  );
}
