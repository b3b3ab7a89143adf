import { sourceLines } from '../shared/sourceText.js';

/** A top-level function of a Python file, with the commands that it always runs. */
export interface PythonFunction {
  readonly name: string;
  /** Texts of its decorators. */
  readonly decorators: readonly string[];
  /** Parameters as they are written. */
  readonly parameters: readonly string[];
  /** Statements outside of branches and loops, including the folder changes around them. */
  readonly statements: readonly string[];
  /** Top-level branches, each with its statements outside of nested branches. */
  readonly branches: readonly PythonBranch[];
}

interface PythonBranch {
  readonly condition: string;
  readonly statements: readonly string[];
}

interface Statement {
  readonly indent: number;
  readonly text: string;
}

/** Statements whose block may not run. */
const branch = /^(?:if|elif|else|for|while|match|case|except|def|class|async)\b/u;

/** Maximum number of lines of one statement. Longer ones are generated. */
const maxLines = 200;

/** Maximum length of the parameters of a function, in characters. Longer ones are generated. */
const maxParametersLength = 2000;

/** Returns the top-level functions of a file that have decorators. */
export function decoratedFunctions(text: string): PythonFunction[] {
  const statements = statementsOf(text);
  const tops = statements.flatMap(({ indent }, index) => (indent === 0 ? index : []));
  return tops.flatMap((top, position) => {
    const [, name, parameters = ''] = /^def (\w+)\((.*)\)[^()]*:/u.exec(statements[top]?.text ?? '') ?? [];
    const decorators = decoratorsBefore(top, statements);
    if (name === undefined || decorators.length === 0) return [];
    const body = statements.slice(top + 1, tops[position + 1]);
    return {
      name,
      decorators,
      parameters: splitParameters(parameters),
      statements: alwaysRun(body),
      branches: branchesIn(body),
    };
  });
}

function decoratorsBefore(index: number, statements: readonly Statement[]): string[] {
  let first = index;
  while (statements[first - 1]?.text.startsWith('@') === true) first -= 1;
  return statements.slice(first, index).map(({ text }) => text);
}

/** Omits the statements of branches and loops. */
function alwaysRun(body: readonly Statement[]): string[] {
  let branchIndent = Infinity;
  return body.flatMap(({ indent, text }) => {
    if (indent <= branchIndent) branchIndent = branch.test(text) ? indent : Infinity;
    return branchIndent === Infinity ? text : [];
  });
}

function branchesIn(body: readonly Statement[]): PythonBranch[] {
  const outer = Math.min(...body.map(({ indent }) => indent));
  return body.flatMap(({ indent, text }, index) => {
    const condition = indent === outer ? /^(?:el)?if (.*):$/u.exec(text)?.[1] : undefined;
    if (condition === undefined) return [];
    const rest = body.slice(index + 1);
    const end = rest.findIndex((statement) => statement.indent <= indent);
    return [{ condition, statements: alwaysRun(rest.slice(0, end === -1 ? undefined : end)) }];
  });
}

/**
 * Returns the string literals at the start of the arguments of a call. Parts that a variable stands for are left out.
 */
export function literalArguments(text: string): string[] {
  const words: string[] = [];
  const argument =
    /\s*(?:(?<literal>(?:[rfbuRFBU]{0,2}(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*)+)|(?<keyword>\w+\s*=)|(?<other>[*\w.[\]()]+))\s*,?/uy;
  for (let match = argument.exec(text); match; match = argument.exec(text)) {
    const { literal, keyword } = match.groups ?? {};
    if (keyword !== undefined) break;
    if (literal !== undefined) words.push(withoutQuotes(literal));
  }
  return words;
}

function withoutQuotes(literal: string): string {
  const parts = literal.matchAll(/([rfbuRFBU]{0,2})(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/gu);
  return [...parts]
    .map(([, prefix = '', double, single]) => {
      const content = double ?? single ?? '';
      return prefix.toLowerCase().includes('f')
        ? content
            .replaceAll(/\{[^{}]{0,200}(?:executable|python)[^{}]{0,200}\}/giu, 'python')
            .replaceAll(/\{[^{}]*\}/gu, '')
        : content;
    })
    .join('');
}

function splitParameters(text: string): string[] {
  return text
    .slice(0, maxParametersLength)
    .split(/,(?![^[(]{0,200}[\])])/u)
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter !== '');
}

/** Joins the lines inside brackets, and leaves out comments and multi-line strings. */
function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  const code = text.replaceAll(/("""|''')[^]*?\1/gu, '""');
  let open: { readonly indent: number; readonly parts: string[]; depth: number } | undefined;
  for (const raw of sourceLines(code)) {
    const line = withoutComment(raw);
    if (line.trim() === '') continue;
    open ??= { indent: line.search(/\S/u), parts: [], depth: 0 };
    open.parts.push(line.trim());
    open.depth += depthOf(line);
    if (open.depth > 0 && open.parts.length < maxLines) continue;
    statements.push({ indent: open.indent, text: open.parts.join(' ') });
    open = undefined;
  }
  return statements;
}

const literals = /"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)/gu;

function withoutComment(line: string): string {
  const at = line.replaceAll(literals, (literal) => ' '.repeat(literal.length)).indexOf('#');
  return at === -1 ? line : line.slice(0, at);
}

function depthOf(line: string): number {
  const code = line.replaceAll(literals, '');
  return (code.match(/[([{]/gu)?.length ?? 0) - (code.match(/[)\]}]/gu)?.length ?? 0);
}
