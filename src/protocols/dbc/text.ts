/** A DBC file as text: UTF-8 where it is valid, with or without mark, else Windows-1252, as Vector's tools write it. */
export function decodeDbcText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
