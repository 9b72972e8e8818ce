import { createCipheriv, createDecipheriv } from "node:crypto";

/** The three families of one maker. Names on the box do not tell them apart; the key that fits does. */
export const models = ["BM2", "BM6", "BM7"] as const;
export type Model = (typeof models)[number];

/** Every message is one AES block. */
export const BLOCK = 16;

// ASCII "leagend", FF FE, then seven characters that differ by model.
const keys: Readonly<Record<Model, Uint8Array>> = {
  BM2: Buffer.from("6c656167656e64fffe31383832343636", "hex"),
  BM6: Buffer.from("6c656167656e64fffe30313030303039", "hex"),
  BM7: Buffer.from("6c656167656e64fffe30313030303040", "hex"),
};

// The sensors use CBC with a zero vector that starts anew in each block, which is ECB: nothing chains.
const MODE = "aes-128-ecb";

/** One block to one block. */
export function encrypt(model: Model, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv(MODE, keys[model], null).setAutoPadding(false);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** Whole blocks, each on its own; bytes after the last whole block are not looked at. */
export function decrypt(model: Model, ciphertext: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(MODE, keys[model], null).setAutoPadding(false);
  return decipher.update(ciphertext.subarray(0, ciphertext.length - (ciphertext.length % BLOCK)));
}
