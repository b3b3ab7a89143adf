/** One of these words makes a script a server: `dev`, `dev:api`, `web:dev`, `start-storybook`. */
const serverWords: ReadonlySet<string> = new Set(
  'dev develop devserver preview runserver serve server start storybook'.split(' '),
);

/** One of these words says that the script does something else: `build:dev`, `start:test`, `server:stop`. */
const otherWorkWords: ReadonlySet<string> = new Set(
  [
    'build bundle codegen compile css export gen generate pack package sass scss styles tailwind tsc types',
    'bench benchmark check ci coverage cov cypress e2e fix fmt format jest karma lint mocha playwright prettier spec',
    'test tests typecheck unit vitest',
    'audit backup bootstrap clean copy create delete deploy dump eject import init install link login migrate migration',
    'prepare publish pull push release remove reset restore seed setup sync uninstall update upgrade version',
    'analyze down health kill log logs open ping ps ssh status stop wait',
  ].flatMap((line) => line.split(' ')),
);

/** Order in which a package's scripts are listed; all others follow as they are written. */
const rankedNames: readonly string[] = ['dev', 'start', 'serve', 'develop', 'preview'];

/**
 * Whether a script starts a development server, told by its name alone: one of its words is a server word, none names
 * other work, and it is not the hook that npm runs before or after another script.
 * `siblings` are the names of all scripts of the package.
 */
export function isServerScript(name: string, siblings: ReadonlySet<string>): boolean {
  const words = wordsOf(name);
  return (
    words.some((word) => serverWords.has(word)) &&
    !words.some((word) => otherWorkWords.has(word)) &&
    !isHook(name, siblings)
  );
}

/** Sorts after the rank of the best known names. */
export function scriptRank(name: string): number {
  const rank = rankedNames.indexOf(name);
  return rank === -1 ? rankedNames.length : rank;
}

/** `watch:serve`, `start_web`, `devServer` and `apps/web:dev` are all several words. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** `prestart:web` is one even where `start:web` is missing; `preview` and `postgres:dev` are not. */
function isHook(name: string, siblings: ReadonlySet<string>): boolean {
  const target = /^(?:pre|post)(?<target>.+)$/su.exec(name)?.groups?.['target'];
  if (target === undefined || serverWords.has(firstWord(name))) return false;
  return siblings.has(target) || serverWords.has(firstWord(target)) || otherWorkWords.has(firstWord(target));
}

function firstWord(name: string): string {
  return wordsOf(name)[0] ?? '';
}
