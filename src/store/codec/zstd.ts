import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

// No block of ours comes near this; a damaged length must not take the memory.
const LARGEST = 256 * 1024 * 1024;

/** One zstd frame with a checksum, so that bit rot is noticed. */
export function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    // One piece of output instead of many of 16 KiB.
    chunkSize: Math.max(1024, bytes.length),
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** Throws when the bytes are not what `compress` made. */
export function decompress(bytes: Uint8Array, expected: number): Uint8Array {
  return zstdDecompressSync(bytes, { chunkSize: Math.max(1024, expected + 64), maxOutputLength: LARGEST });
}
