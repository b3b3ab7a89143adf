import type { SystemName } from './systemName.js';

const systemsByWord = new Map<string, readonly SystemName[]>(
  (
    [
      ['win win32 win64 windows ps1 powershell', ['windows']],
      ['linux', ['linux']],
      ['mac macos osx darwin', ['osx']],
      ['unix posix', ['linux', 'osx']],
    ] as const
  ).flatMap(([words, systems]) => words.split(' ').map((word) => [word, systems] as const)),
);

/** Returns the systems for which a word stands in names of files, scripts and folders; none for another word. */
export function systemsNamed(word: string): readonly SystemName[] {
  return systemsByWord.get(word) ?? [];
}
