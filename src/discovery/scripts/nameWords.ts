/** Words in the name of a script that indicate a server: `dev`, `dev:api`, `web:dev`, `start-storybook`. */
const serverWords: ReadonlySet<string> = new Set(
  'dev develop devserver preview runserver serve server start storybook'.split(' '),
);

/** Words in the name of a script that indicate other work: `build:dev`, `start:test`, `server:stop`. */
const otherWorkWords: ReadonlySet<string> = new Set(
  [
    'build bundle codegen compile css export gen generate pack package sass scss styles tailwind tsc types',
    'bench benchmark performance check ci coverage cov cypress e2e fix fmt format int integration jest karma lint mocha mutation',
    'playwright prettier spec test tests typecheck unit validate vitest',
    'audit backup bootstrap clean copy create decrypt delete deploy dump eject encrypt import init install link login migrate migration',
    'populate prepare publish pull push release remove reset restore seed setup shell switch sync uninstall update upgrade version',
    'analyze cache down githooks health help hooks kill list log logs man open patch ping ps ssh status stop tables wait warmup worker workers scheduler cron',
  ].flatMap((line) => line.split(' ')),
);

/** Classification by a name alone. */
export type NameClassification = 'server' | 'other' | 'unknown';

/**
 * Classifies a script, task or target by its name. The name of a server contains a word for a server, and none for
 * other work.
 */
export function classifyName(name: string): NameClassification {
  const words = splitName(name);
  if (words.some((word) => otherWorkWords.has(word))) return 'other';
  return words.some((word) => serverWords.has(word)) ? 'server' : 'unknown';
}

/** Classifies a name by its first word: the name of a hook begins with the name of its command. */
export function classifyFirstWord(name: string): NameClassification {
  return classifyName(splitName(name)[0] ?? '');
}

/** Splits a name into words: `watch:serve`, `start_web`, `devServer` and `apps/web:dev` all have several. */
export function splitName(name: string): string[] {
  if (/^[a-z]+$/u.test(name)) return gluedWords(name);
  const words = name
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return words?.flatMap(gluedWords) ?? [];
}

/**
 * Splits a verb from its object: `runprod`, `startdev`, `testserver`, and `e2e` or a system from what it runs: `e2evite`,
 * `windowswatch`.
 */
function gluedWords(word: string): string[] {
  const [, verb = '', object] =
    /^(run|start|serve|build|test|e2e|windows)(prod(?:uction)?|dev|server|tests?|(?<=^e2e)[a-z]+|(?<=^windows)(?:build|dev|export|run|serve|start|watch))$/u.exec(
      word,
    ) ?? [];
  return object === undefined || word === 'runserver' ? [word] : [verb, object];
}
