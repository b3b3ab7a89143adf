import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { EntryPath } from './entryProblem.js';
import type { TextRange } from './textRange.js';

/** JSON with comments, parsed as far as possible. */
export interface JsonText {
  /** `undefined` for a text without a value. */
  readonly value: unknown;
  readonly errors: readonly (TextRange & { readonly code: number })[];
  /** Returns the range of the value with this path, or of the nearest value around it. */
  locate(path: EntryPath, part?: LocatedPart): TextRange;
}

/** Part of a value to locate, instead of all of it. */
interface LocatedPart {
  readonly excerpt?: string;
  readonly isKey?: boolean;
  /** Selects an object or a list from its first to its last character. */
  readonly isWhole?: boolean;
}

/** Parses JSON with comments. `undefined` if objects and lists are nested more than `maxLevels` deep. Never throws. */
export function parseJsonText(text: string, maxLevels: number): JsonText | undefined {
  if (nestingDepth(text, maxLevels) > maxLevels) return undefined;
  const errors: ParseError[] = [];
  // Windows editors begin files with a byte order mark. A space instead of it keeps every offset.
  const root = parseTree(text.replace(/^\uFEFF/u, ' '), errors, { allowTrailingComma: true });
  return {
    value: root && (getNodeValue(root) as unknown),
    errors: errors.map(({ error, ...range }) => errorAt(range, text, error)),
    locate: (path, part = {}) => locatedRange(root && nearestNode(root, path), text, part),
  };
}

/** Clamps the range of an error: the parser may report one character past the end. */
function errorAt({ offset, length }: TextRange, text: string, code: number): JsonText['errors'][number] {
  const start = Math.min(offset, text.length);
  return { code, offset: start, length: Math.min(length, text.length - start) };
}

/**
 * Returns the depth of nesting, up to one more than `enough`. Runs before the parser, which recurses at every level.
 */
function nestingDepth(text: string, enough: number): number {
  const scanner = createScanner(text, true);
  const [openBrace, closeBrace, openBracket, closeBracket, end] = [1, 2, 3, 4, 17];
  let depth = 0;
  let deepest = 0;
  for (let token: number = scanner.scan(); token !== end && deepest <= enough; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth += 1;
    else if (token === closeBrace || token === closeBracket) depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function nearestNode(root: Node, path: EntryPath): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
}

function locatedRange(
  node: Node | undefined,
  text: string,
  { excerpt, isKey, isWhole }: LocatedPart,
): TextRange {
  if (!node) return { offset: 0, length: Math.min(1, text.length) };
  const { offset, length } = node;
  if (isKey === true) return keyRange(node);
  const start = excerpt === undefined ? -1 : text.slice(offset, offset + length).indexOf(excerpt);
  if (excerpt !== undefined && start !== -1) return { offset: offset + start, length: excerpt.length };
  const isLarge = node.type === 'object' || node.type === 'array';
  return isLarge && isWhole !== true ? idRange(node) : { offset, length };
}

function keyRange({ parent, offset, length }: Node): TextRange {
  const [key] = parent?.type === 'property' ? (parent.children ?? []) : [];
  return key ? { offset: key.offset, length: key.length } : { offset, length };
}

/** Returns the range of the id of an object: marking all of it would include its valid parts. */
function idRange(node: Node): TextRange {
  const id = findNodeAtLocation(node, ['id']);
  return id ? { offset: id.offset, length: id.length } : { offset: node.offset, length: 1 };
}
