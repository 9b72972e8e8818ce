import { css, html, LitElement, type TemplateResult } from "lit";
import { ResourceController } from "../api/resource-controller.ts";
import { loadSystem, type System } from "../api/system.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { formatBytes, formatNumber, formatTime } from "../texts/format.ts";
import { type TextKey, text } from "../texts/text.ts";
import "./log-tail.ts";

/** Counters move slowly enough for an eye. */
const RELOAD_MS = 3_000;

/** How Carport itself is: what works, what it counted, what it is doing. */
export class SystemPage extends LitElement {
  static override properties = { garage: { attribute: false }, now: { attribute: false } };
  declare garage: LiveGarage;
  declare now: number;
  readonly #system = new ResourceController(this, loadSystem, RELOAD_MS);

  static override styles = [
    shared,
    css`
      .page {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr));
        gap: var(--gap);
        align-items: start;
      }
      log-tail {
        grid-column: 1 / -1;
      }
      h2 {
        margin-bottom: 8px;
        font-size: 1rem;
        font-weight: 600;
      }
      dl {
        display: grid;
      }
      .row {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        padding: 9px 0;
      }
      .row + .row {
        border-top: 1px solid var(--line);
      }
      dd {
        font-weight: 500;
        text-align: end;
        overflow-wrap: anywhere;
      }
      fault-note {
        margin-bottom: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { value, fault } = this.#system;
    if (!value) return html`<p class="quiet">${text(fault ? "system.failed" : "chart.loading")}</p>`;
    const { version, node, startedAt, memory, live, mqtt, listenerFailures } = value;
    return html`<div class="page">
      ${this.#card("system.process", [
        ["system.version", version],
        ["system.node", node],
        ["system.started", formatTime(Date.parse(startedAt), this.now)],
        ["system.memory", formatBytes(memory.residentBytes)],
        ["system.pages", formatNumber(live.clients, 0)],
        ["system.cutOff", formatNumber(live.cutOff, 0)],
        ["system.failures", formatNumber(listenerFailures, 0)],
      ])}
      ${this.#store(value.store)}
      ${mqtt ? this.#broker(mqtt) : ""}
      <log-tail></log-tail>
    </div>`;
  }

  #store({ fault, setAside, ...store }: System["store"]): TemplateResult {
    const trouble = fault ? html`<fault-note .message=${fault.message} .next=${fault.nextStep}></fault-note>` : "";
    return this.#card(
      "system.store",
      [
        ["system.channels", formatNumber(store.channels, 0)],
        ["system.appended", formatNumber(store.appended, 0)],
        ["system.stored", formatNumber(store.stored, 0)],
        ["system.waiting", formatNumber(store.waiting, 0)],
        ["system.dropped", formatNumber(store.dropped, 0)],
        ["system.rejected", formatNumber(store.rejected, 0)],
        ["system.damaged", formatNumber(store.damaged, 0)],
        ["system.setAside", formatNumber(setAside.length, 0)],
        ["system.disk", formatBytes(store.bytesOnDisk)],
      ],
      trouble,
    );
  }

  /** Its words and numbers are the MQTT outlet's own. */
  #broker(mqtt: NonNullable<System["mqtt"]>): TemplateResult {
    const rows = Object.entries(mqtt).map(([name, value]): [string, string] => {
      const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
      return [words.charAt(0).toUpperCase() + words.slice(1), shown(value)];
    });
    return html`<section class="card">
      <h2>${text("system.broker")}</h2>
      <dl>${rows.map(([name, value]) => row(name, value))}</dl>
    </section>`;
  }

  #card(
    title: TextKey,
    rows: readonly (readonly [TextKey, string])[],
    first: TemplateResult | "" = "",
  ): TemplateResult {
    return html`<section class="card">
      <h2>${text(title)}</h2>
      ${first}
      <dl>${rows.map(([name, value]) => row(text(name), value))}</dl>
    </section>`;
  }
}

const row = (name: string, value: string): TemplateResult =>
  html`<div class="row"><dt class="quiet">${name}</dt><dd class="number">${value}</dd></div>`;

function shown(value: string | number | boolean): string {
  if (typeof value === "number") return formatNumber(value, 0);
  return typeof value === "boolean" ? text(value ? "yes" : "no") : value;
}

customElements.define("system-page", SystemPage);
