const spoken = ["en", "de"] as const;
export type Language = (typeof spoken)[number];

/** Of the first wish that the page speaks: its language, and the wish itself, which also says how numbers look. */
export function choose(wishes: readonly string[]): { readonly language: Language; readonly locale: string } {
  for (const locale of wishes) {
    const language = spoken.find((each) => locale.toLowerCase().split("-", 1)[0] === each);
    if (language) return { language, locale };
  }
  return { language: "en", locale: "en" };
}

/** Home Assistant's language before the browser's: below ingress the page is a part of it. */
function wishes(): readonly string[] {
  if (typeof window === "undefined") return navigator.languages;
  return [...surroundingLanguage(), ...navigator.languages];
}

function surroundingLanguage(): readonly string[] {
  if (window.parent === window) return [];
  try {
    const { lang } = window.parent.document.documentElement;
    // A bare language takes the region of the browser's own wish for it: "de" of Home Assistant, "de-CH" of the browser.
    return [navigator.languages.find((wish) => wish.startsWith(`${lang}-`)) ?? lang];
  } catch {
    // A frame of another origin.
    return [];
  }
}

export const { language, locale } = choose(wishes());
