// An animated PNG consists of the chunks of ordinary PNGs of one size: see https://www.w3.org/TR/png-3/#apng-frame-based-animation.
import { crc32 } from 'node:zlib';

const signatureBytes = 8;

export interface Frame {
  readonly png: Buffer;
  readonly durationMs: number;
}

/** Joins PNGs of the same size and kind into one that repeats them for ever. */
export function animatedPng(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (!first) throw new Error('An animation needs a frame.');
  const header = chunksOf(first.png).find(({ type }) => type === 'IHDR')?.data;
  if (!header) throw new Error('The first frame is no PNG.');
  let sequence = 0;
  const nextNumber = (): Buffer => uint32(sequence++);
  const body = frames.flatMap(({ png, durationMs }, index) => {
    const parts = chunksOf(png).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []));
    // Width and height, no offset, the time in milliseconds, and a frame that replaces all of the one before.
    const control = Buffer.concat([nextNumber(), header.subarray(0, 8), Buffer.alloc(8), Buffer.alloc(6)]);
    control.writeUInt16BE(durationMs, 20);
    control.writeUInt16BE(1000, 22);
    return [
      chunk('fcTL', control),
      ...parts.map((part) =>
        index === 0 ? chunk('IDAT', part) : chunk('fdAT', Buffer.concat([nextNumber(), part])),
      ),
    ];
  });
  const animation = Buffer.concat([uint32(frames.length), uint32(0)]);
  return Buffer.concat([
    first.png.subarray(0, signatureBytes),
    chunk('IHDR', header),
    chunk('acTL', animation),
    ...body,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Returns the chunks of a PNG. */
export function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signatureBytes; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), typed, uint32(crc32(typed))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
