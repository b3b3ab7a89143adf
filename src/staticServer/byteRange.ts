/** A part of a file; both ends are in it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the part of a file that a header `Range` asks for. `undefined` for the whole file: without a header, and for one
 * that is invalid or asks for several parts, which a server may ignore.
 */
export function byteRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/u.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const { start, end } =
    first === '' ? lastBytes(Number(last), bytes) : bytesFrom(Number(first), last, bytes);
  if (start >= bytes) return 'unsatisfiable';
  return end < start ? undefined : { start, end };
}

function lastBytes(count: number, bytes: number): ByteRange {
  return { start: Math.max(0, bytes - count), end: bytes - 1 };
}

function bytesFrom(start: number, last: string, bytes: number): ByteRange {
  return { start, end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}
