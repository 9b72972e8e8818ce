import { css, html, LitElement, type TemplateResult } from "lit";
import { type IconName, icon } from "./icons.ts";
import { shared } from "./shared-styles.ts";

/** Where there is nothing to show yet: what is going on, and what to do next. */
export class EmptyNote extends LitElement {
  static override properties = { icon: {}, heading: {}, words: {}, next: {} };
  declare icon: IconName;
  declare heading: string;
  declare words: string;
  declare next: string;

  static override styles = [
    shared,
    css`
      .card {
        display: grid;
        justify-items: center;
        gap: 8px;
        padding: 48px 24px;
        text-align: center;
      }
      .icon {
        width: 56px;
        height: 56px;
        margin-bottom: 8px;
        color: var(--quiet);
        stroke-width: 1.2;
      }
      h1 {
        font-size: 1.25rem;
        font-weight: 600;
      }
      p {
        max-width: 34rem;
        text-wrap: balance;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<section class="card">
      ${icon(this.icon)}
      <h1>${this.heading}</h1>
      <p>${this.words}</p>
      <p class="quiet">${this.next}</p>
    </section>`;
  }
}

customElements.define("empty-note", EmptyNote);
