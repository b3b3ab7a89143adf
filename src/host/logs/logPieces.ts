export const lineFeed = 0x0a;

/** Bytes for the file. */
export interface Piece {
  readonly bytes: Buffer;
  /** Bytes of output that are lost if it cannot be written. */
  readonly lost: number;
}

/** Returns the first pieces that fit into `room` bytes; if not even one fits, the part of it that does. */
export function fittingPieces(pieces: readonly Piece[], room: number, isAtLineStart: boolean): Buffer[] {
  const fitting: Buffer[] = [];
  let free = room;
  for (const { bytes } of pieces) {
    if (bytes.length > free) break;
    fitting.push(bytes);
    free -= bytes.length;
  }
  const [first] = pieces;
  if (fitting.length > 0 || !first) return fitting;
  const length = lengthThatFits(first.bytes, room, isAtLineStart);
  return length > 0 ? [first.bytes.subarray(0, length)] : [];
}

/** Returns the pieces without their first `count` bytes, and the last of these bytes. */
export function withoutBytes(pieces: readonly Piece[], count: number): [Piece[], number | undefined] {
  const remaining: Piece[] = [];
  let last: number | undefined;
  let toSkip = count;
  for (const piece of pieces) {
    const { bytes, lost } = piece;
    const cut = Math.min(toSkip, bytes.length);
    if (cut > 0) last = bytes[cut - 1];
    toSkip -= cut;
    if (cut < bytes.length)
      remaining.push(cut === 0 ? piece : { bytes: bytes.subarray(cut), lost: lost - cut });
  }
  return [remaining, last];
}

/** Returns how many of the bytes fit into `room` bytes: whole lines where possible, none when the file is full. */
function lengthThatFits(bytes: Buffer, room: number, isAtLineStart: boolean): number {
  if (bytes.length <= room) return bytes.length;
  if (room <= 0) return 0;
  const lines = bytes.lastIndexOf(lineFeed, room - 1) + 1;
  // A line longer than a whole file is split.
  return lines > 0 || isAtLineStart ? lines : room;
}
