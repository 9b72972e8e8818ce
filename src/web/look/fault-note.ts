import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import { shared } from "./shared-styles.ts";

/** What is wrong, and what to do about it. */
export class FaultNote extends LitElement {
  static override properties = { message: {}, next: {} };
  declare message: string;
  declare next: string | undefined;

  static override styles = [
    shared,
    css`
      .fault {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 10px;
        padding: 12px;
        border-radius: 10px;
        background: color-mix(in srgb, var(--low) 12%, transparent);
      }
      .icon {
        color: var(--low);
      }
      p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div class="fault">
      ${icon("alert")}
      <div>
        <p>${this.message}</p>
        ${this.next ? html`<p class="quiet">${this.next}</p>` : ""}
      </div>
    </div>`;
  }
}

customElements.define("fault-note", FaultNote);
