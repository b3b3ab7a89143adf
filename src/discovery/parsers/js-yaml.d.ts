/** What is used of the library, which brings no types along. */
declare module 'js-yaml' {
  interface Schema {
    extend(types: readonly object[]): Schema;
  }
  export const Type: new (
    tag: string,
    options: {
      readonly kind: 'scalar' | 'sequence' | 'mapping';
      /** Whether the tag is the beginning of those that are meant. */
      readonly multi: boolean;
      readonly construct: (data: unknown) => unknown;
    },
  ) => object;
  export const DEFAULT_SCHEMA: Schema;
  /** Throws an `Error` at the first fault. */
  export function load(text: string, options: { readonly schema: Schema }): unknown;
}
