import { IntlMessageFormat } from "intl-messageformat";
import { en } from "./en.ts";
import { language, locale } from "./locale.ts";

export type TextKey = keyof typeof en;
export type Catalogue = Readonly<Record<TextKey, string>>;

const catalogue: Catalogue = language === "de" ? (await import("./de.ts")).de : en;
const formats = new Map<TextKey, IntlMessageFormat>();

/** The text of the catalogue, an ICU message, in the reader's language. */
export function text(key: TextKey, values?: Readonly<Record<string, string | number>>): string {
  const message = catalogue[key];
  if (!values) return message;
  let format = formats.get(key);
  if (!format) {
    format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
    formats.set(key, format);
  }
  return String(format.format(values));
}
