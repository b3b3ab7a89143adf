const sourceFile = /^(?!-)[\w./@+-]+\.(?:py|rb|[cm]?[jt]s|go|exs?)$/u;

/** Returns whether an argument is the path of a source file that an interpreter runs, or that is executable itself. */
export function isSourceFile(argument: string): boolean {
  return sourceFile.test(argument);
}
