/** What is used of the library, which brings no types along. */
declare module 'js-yaml' {
  export class Type {
    constructor(
      tag: string,
      options: {
        kind: 'scalar' | 'sequence' | 'mapping';
        multi: boolean;
        construct: (data: unknown) => unknown;
      },
    );
  }
  export const DEFAULT_SCHEMA: { extend(types: readonly Type[]): typeof DEFAULT_SCHEMA };
  /** Throws an `Error` at the first fault. */
  export function load(text: string, options: { schema: typeof DEFAULT_SCHEMA }): unknown;
}
