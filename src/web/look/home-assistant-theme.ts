/** Home Assistant's variables that the page's own style builds on (look/theme.css). */
const variables = [
  "--primary-color",
  "--primary-background-color",
  "--card-background-color",
  "--primary-text-color",
  "--secondary-text-color",
  "--divider-color",
  "--ha-card-border-radius",
];

/**
 * Below ingress the page is a frame of Home Assistant's own origin: takes over the surrounding page's theme, and follows
 * it when it changes. Does nothing where there is no such page.
 */
export function followHomeAssistantTheme(): void {
  const outer = surroundingRoot();
  if (!outer) return;
  const adopt = () => {
    const theirs = getComputedStyle(outer);
    const { style } = document.documentElement;
    for (const name of variables) style.setProperty(name, theirs.getPropertyValue(name));
    const background = theirs.getPropertyValue("--primary-background-color").trim();
    if (background !== "") style.colorScheme = isDark(background) ? "dark" : "light";
    window.dispatchEvent(new Event("carport-theme"));
  };
  adopt();
  new MutationObserver(adopt).observe(outer, { attributes: true, attributeFilter: ["style", "class"] });
}

function surroundingRoot(): HTMLElement | undefined {
  if (window.parent === window) return undefined;
  try {
    return window.parent.document.documentElement;
  } catch {
    // A frame of another origin: its theme is none of our business.
    return undefined;
  }
}

/** By luminance, since a theme does not say so itself. `colour`: any CSS colour. */
function isDark(colour: string): boolean {
  const probe = document.createElement("span");
  probe.style.color = colour;
  probe.hidden = true;
  document.documentElement.append(probe);
  const [red = 255, green = 255, blue = 255] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
