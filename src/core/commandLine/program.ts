import { parseSimpleCommand } from './parse.js';

/** Commands that are built into a shell. */
const builtIns: ReadonlySet<string> = new Set(
  [
    '. : [ alias bg break builtin call case cd chdir command continue copy del dir do done echo elif else endif endlocal',
    'erase esac eval exec exit export false fc fg fi for function getopts goto hash help history if in jobs kill let local',
    'logout md mkdir mklink move path pause popd printf prompt pushd pwd rd read readonly rem ren rename return rmdir select',
    'set setlocal shift source start suspend test then time times title trap true type typeset ulimit umask unalias unset',
    'until ver verify vol wait while',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Returns the program that a shell line runs if that is certain: the line is one command of plain words, and not a
 * built-in. `undefined` otherwise, also if the line changes the search path for programs.
 */
export function programInLine(line: string): string | undefined {
  if (!parseSimpleCommand(line)) return undefined;
  const words = line.trim().split(/[ \t]+/u);
  const program = words.find((word) => !/^[A-Za-z_]\w*=/u.test(word));
  const changesPath = words.some((word) => /^path=/iu.test(word));
  if (program === undefined || changesPath || builtIns.has(program)) return undefined;
  return /^[\w./+-]+$/u.test(program) ? program : undefined;
}
