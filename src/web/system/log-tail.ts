import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ResourceController } from "../api/resource-controller.ts";
import { type LogLevel, loadLog } from "../api/workshop.ts";
import { controls } from "../look/controls.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { locale } from "../texts/locale.ts";
import { text } from "../texts/text.ts";

const RELOAD_MS = 3_000;
const levels = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const dayAndClock = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" });

/** The newest lines of the log, newest first, and the file for whoever helps. */
export class LogTail extends LitElement {
  static override properties = { level: { state: true } };
  declare level: LogLevel;
  readonly #lines = new ResourceController(this, (abort) => loadLog(this.level, abort), RELOAD_MS);

  static override styles = [
    shared,
    controls,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-bottom: 12px;
      }
      h2 {
        flex: 1;
        font-size: 1rem;
        font-weight: 600;
      }
      header select {
        width: auto;
        padding-right: 8px;
      }
      .hint {
        margin-bottom: 16px;
      }
      ol {
        max-height: 26rem;
        margin: 0 -20px -20px;
        padding: 0 20px 12px;
        overflow-y: auto;
        border-top: 1px solid var(--line);
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 12px;
        padding: 8px 0;
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .level {
        font-weight: 600;
      }
      .warn .level {
        color: var(--low);
      }
      .error .level {
        color: var(--empty);
      }
    `,
  ];

  constructor() {
    super();
    this.level = "info";
  }

  override render(): TemplateResult {
    const lines = this.#lines.value ?? [];
    return html`<section class="card">
      <header>
        <h2>${text("log.title")}</h2>
        <select aria-label=${text("log.level")} @change=${this.#choose}>
          ${levels.map((level) => html`<option value=${level} ?selected=${level === this.level}>${text(`log.${level}`)}</option>`)}
        </select>
        <a class="button" href="api/diagnostics" download>${icon("download")} ${text("log.diagnostics")}</a>
      </header>
      <p class="hint quiet small">${text("log.diagnostics.effect")}</p>
      <ol tabindex="0" aria-label=${text("log.title")}>
        ${repeat(
          lines,
          ({ id }) => id,
          ({ attributes: { time, level, text: line } }) => html`<li class=${level}>
            <span class="quiet number">${timeOf(Date.parse(time))}</span>
            <span>${level === "info" ? "" : html`<span class="level">${text(`log.line.${level}`)}</span> `}${line}</span>
          </li>`,
        )}
        ${lines.length === 0 ? html`<li class="quiet">${text(this.#lines.value ? "log.empty" : "chart.loading")}</li>` : ""}
      </ol>
    </section>`;
  }

  readonly #choose = ({ target }: Event): void => {
    const level = target instanceof HTMLSelectElement && levels.find((each) => each === target.value);
    if (!level) return;
    this.level = level;
    void this.#lines.reload();
  };
}

const timeOf = (time: number): string => (Date.now() - time < 43_200_000 ? clock : dayAndClock).format(time);

customElements.define("log-tail", LogTail);
