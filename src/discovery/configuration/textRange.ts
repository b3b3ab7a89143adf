/** A range in a text, in UTF-16 code units. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}
