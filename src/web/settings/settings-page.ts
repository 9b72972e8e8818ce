import { css, html, LitElement, type TemplateResult } from "lit";
import { type Config, changeConfig, loadConfig } from "../api/config.ts";
import { ResourceController } from "../api/resource-controller.ts";
import { TaskController } from "../api/task-controller.ts";
import { lockedFields } from "../form/locked-fields.ts";
import { fieldsOf, labelOf, type Schema } from "../form/schema-fields.ts";
import { SettingsForm } from "../form/settings-form.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { type TextKey, text } from "../texts/text.ts";

/** Titles of the groups of system.json that have one in the reader's language. */
const titles: Readonly<Record<string, TextKey>> = {
  mqtt: "settings.mqtt",
  http: "settings.http",
  store: "settings.store",
  log: "settings.log",
  discovery: "settings.discovery",
};
/** What an owner looks for first. */
const order = ["mqtt", "discovery", "store", "http", "log"];

/** Settings of Carport itself, a card for each group. */
export class SettingsPage extends LitElement {
  static override properties = { saved: { state: true } };
  /** Group that was saved last, and not changed since. */
  declare saved: string | undefined;
  readonly #config = new ResourceController(this, loadConfig);
  readonly #task = new TaskController(this);
  /** Group that the last task was about. */
  #group = "";

  static override styles = [
    shared,
    controls,
    css`
      /* Columns, not rows: the groups are of very different length. */
      .page {
        columns: 2 400px;
        column-gap: var(--gap);
      }
      .problems {
        display: grid;
        gap: 8px;
        margin-bottom: var(--gap);
      }
      form {
        display: grid;
        gap: 20px;
        margin-bottom: var(--gap);
        break-inside: avoid;
      }
      h2 {
        font-size: 1.125rem;
        font-weight: 600;
      }
      .actions {
        align-items: center;
      }
    `,
  ];

  override render(): TemplateResult {
    const { value, fault } = this.#config;
    if (!value) {
      return fault
        ? html`<fault-note .message=${fault.words ?? fault.message}></fault-note>`
        : html`<p class="quiet">${text("chart.loading")}</p>`;
    }
    const { properties = {} } = value.meta.schema as Schema;
    const rank = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
    const groups = Object.keys(properties)
      .filter((name) => properties[name]?.properties)
      .sort((one, other) => rank(one) - rank(other));
    const loose = Object.fromEntries(Object.entries(properties).filter(([, schema]) => !schema.properties));
    return html`
      <div class="problems">
        ${value.meta.problems.map(({ message, nextStep }) => html`<fault-note .message=${message} .next=${nextStep}></fault-note>`)}
      </div>
      <div class="page">
        ${groups.map((name) => this.#card(name, { properties: { [name]: properties[name] ?? {} } }, value))}
        ${this.#card("", { properties: loose }, value)}
      </div>
    `;
  }

  #card(name: string, schema: Schema, { attributes, meta }: Config): TemplateResult {
    const { busy, fault } = this.#task;
    const mine = this.#group === name ? fault : undefined;
    const title = titles[name];
    return html`<form class="card" novalidate data-group=${name} @submit=${this.#save} @edited=${this.#edited}>
      <h2>${title ? text(title) : name ? labelOf(name) : text("settings.other")}</h2>
      <settings-form
        .schema=${schema}
        .values=${attributes}
        .locked=${lockedFields(fieldsOf(schema), meta.overrides)}
        .wrong=${mine?.wrong ?? new Map()}
        @edited=${this.#edited}
      ></settings-form>
      ${mine?.words === undefined ? "" : html`<fault-note .message=${mine.words}></fault-note>`}
      <div class="actions">
        <button class="primary" ?disabled=${busy}>${text("form.save")}</button>
        <span class="quiet" role="status">${this.saved === name ? text("form.saved") : ""}</span>
      </div>
    </form>`;
  }

  readonly #edited = (): void => {
    this.saved = undefined;
  };

  readonly #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const element = event.currentTarget instanceof HTMLFormElement ? event.currentTarget : undefined;
    const form = element?.querySelector("settings-form");
    if (!(element && form instanceof SettingsForm)) return;
    const group = element.dataset["group"] ?? "";
    this.#group = group;
    const { edits } = form;
    const saved = await this.#task.run(async () => {
      if (edits) this.#config.value = await changeConfig(edits);
    });
    if (!saved) return;
    form.clear();
    this.saved = group;
  };
}

customElements.define("settings-page", SettingsPage);
