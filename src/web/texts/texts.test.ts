import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { choose } from "./locale.ts";

const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, de };

/** Names of the placeholders. */
function placeholders(message: string): string[] {
  const found = new Set<string>();
  JSON.stringify(new IntlMessageFormat(message, "en", undefined, { ignoreTag: true }).getAst(), (_key, part) => {
    if (part?.type > 0 && part.type < 7) found.add(part.value);
    return part;
  });
  return [...found].sort();
}

test("both languages have the same texts, and none is empty", () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const catalogue of Object.values(catalogues)) expect(Object.values(catalogue)).not.toContain("");
});

test.each(Object.keys(en))("%s is a message with the same placeholders in both languages", (key) => {
  expect(placeholders(de[key as keyof typeof de])).toEqual(placeholders(en[key as keyof typeof en]));
});

test.each([
  [["de-CH", "en"], "de", "de-CH"],
  [["fr-FR", "en-GB", "de"], "en", "en-GB"],
  [["DE"], "de", "DE"],
  [["fr"], "en", "en"],
  [["den", ""], "en", "en"],
  [[], "en", "en"],
])("who wishes %j reads %s", (wishes, language, locale) => {
  expect(choose(wishes)).toEqual({ language, locale });
});
