import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type IconName, icon } from "./look/icons.ts";
import { shared } from "./look/shared-styles.ts";
import type { Route } from "./route.ts";
import { type TextKey, text } from "./texts/text.ts";

interface Entry {
  readonly href: string;
  readonly icon: IconName;
  readonly label: TextKey;
  readonly pages: readonly Route["page"][];
}

const entries: readonly Entry[] = [
  { href: "#/", icon: "garage", label: "nav.garage", pages: ["garage", "vehicle"] },
  { href: "#/devices", icon: "devices", label: "nav.devices", pages: ["devices"] },
  { href: "#/settings", icon: "settings", label: "nav.settings", pages: ["settings"] },
  { href: "#/system", icon: "system", label: "nav.system", pages: ["system"] },
];

/** The way to each page: below the thumb on a phone, above the page where there is room. */
export class PageBar extends LitElement {
  static override properties = { page: {}, waiting: { type: Number } };
  declare page: Route["page"];
  /** Devices that wait for the owner. */
  declare waiting: number;

  static override styles = [
    shared,
    css`
      nav {
        position: fixed;
        inset: auto 0 0;
        z-index: 1;
        display: grid;
        grid-auto-columns: 1fr;
        grid-auto-flow: column;
        padding: 4px 8px max(4px, env(safe-area-inset-bottom));
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      a {
        position: relative;
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 2px;
        min-height: 52px;
        border-radius: 12px;
        color: var(--quiet);
        font-size: 0.75rem;
        text-decoration: none;
      }
      .icon {
        width: 24px;
        height: 24px;
      }
      a[aria-current] {
        color: var(--accent);
        font-weight: 600;
      }
      .waiting {
        position: absolute;
        top: 4px;
        left: calc(50% + 6px);
        min-width: 18px;
        padding: 0 5px;
        border-radius: 9px;
        background: var(--accent);
        color: var(--surface);
        font-size: 0.75rem;
        font-weight: 600;
        line-height: 18px;
        text-align: center;
      }
      @media (min-width: 900px) {
        nav {
          position: static;
          display: flex;
          gap: 4px;
          margin-bottom: var(--gap);
          padding: 0;
          border: 0;
          background: none;
        }
        a {
          display: flex;
          align-items: center;
          gap: 8px;
          min-height: 44px;
          padding: 0 16px;
          border-radius: 999px;
          font-size: 1rem;
        }
        a[aria-current] {
          background: var(--surface);
          color: var(--text);
          box-shadow: var(--shadow);
        }
        .icon {
          width: 20px;
          height: 20px;
        }
        .waiting {
          position: static;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<nav aria-label=${text("nav.title")}>
      ${entries.map(
        ({ href, icon: name, label, pages }) => html`<a
          href=${href}
          aria-current=${pages.includes(this.page) ? "page" : nothing}
        >
          ${icon(name)}<span>${text(label)}</span>
          ${name === "devices" && this.waiting > 0 ? html`<span class="waiting number">${this.waiting}</span>` : ""}
        </a>`,
      )}
    </nav>`;
  }
}

customElements.define("page-bar", PageBar);
