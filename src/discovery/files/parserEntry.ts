import type { FileParser } from './fileParser.js';

/** A parser whose code is loaded when the first of its files is found. */
interface LazyParser extends Pick<FileParser, 'source' | 'patterns' | 'beside' | 'nearest'> {
  load(): Promise<FileParser>;
}

/** A parser, loaded or not. */
export type ParserEntry = FileParser | LazyParser;

/** Returns the parser. Rejects when its code cannot be loaded. */
export async function loadParser(entry: ParserEntry): Promise<FileParser> {
  return 'load' in entry ? entry.load() : entry;
}
