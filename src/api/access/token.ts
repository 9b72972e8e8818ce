import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Cookie that a browser gets for the token. */
export const SESSION_COOKIE = "carport_session";

/** What a browser keeps instead of the token. Another token ends all sessions. */
export const sessionOf = (token: string): string =>
  createHmac("sha256", token).update("carport session").digest("base64url");

/** Takes the same time wherever the two differ, and whatever their lengths. */
export const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
