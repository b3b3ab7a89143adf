import { splitWords } from './parse.js';

/** Commands and keywords that a shell itself executes. Those of `cmd.exe` may be in capitals. */
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
 * Returns the program that a shell line runs. `undefined` unless the line is one command of plain words that the shell
 * does not execute itself, and does not change the search path.
 */
export function programInLine(line: string): string | undefined {
  const words = splitWords(line)?.map(({ start, end }) => line.slice(start, end)) ?? [];
  const program = words.find((word) => !/^[A-Za-z_]\w*=/u.test(word));
  const changesPath = words.some((word) => /^path=/iu.test(word));
  if (program === undefined || changesPath || builtIns.has(program.toLowerCase())) return undefined;
  return /^[\w./+-]+$/u.test(program) ? program : undefined;
}
