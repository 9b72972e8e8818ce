import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import type { DiscoveryResource } from "#api/contract/resources.ts";
import { adoptDevice } from "../api/devices.ts";
import { ignoreDiscovery } from "../api/discoveries.ts";
import { TaskController } from "../api/task-controller.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import { VehicleChoice } from "./vehicle-choice.ts";

/** Something that was found: what was seen of it, and which vehicle it belongs to. Event `done` when that is said. */
export class FoundCard extends LitElement {
  static override properties = {
    found: { attribute: false },
    vehicles: { attribute: false },
    kindTitle: {},
    now: { attribute: false },
  };
  declare found: DiscoveryResource;
  declare vehicles: readonly LiveVehicle[];
  /** Of its kind. */
  declare kindTitle: string;
  declare now: number;
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      .card {
        display: grid;
        gap: 14px;
        padding: 16px 20px;
      }
      h3 {
        margin: 0;
        font-size: 1rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .evidence {
        padding: 10px 12px;
        border-radius: 10px;
        background: var(--sunken);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    const { busy, fault } = this.#task;
    const { name, evidence, foundAt, ignored } = this.found.attributes;
    return html`<article class="card">
      <div>
        <h3>${name}</h3>
        <p class="quiet small number">${this.kindTitle} · ${formatAge(Date.parse(foundAt), this.now)}</p>
      </div>
      <p class="evidence small number">${evidence}</p>
      ${ignored ? "" : html`<vehicle-choice .vehicles=${this.vehicles}></vehicle-choice>`}
      ${fault ? html`<fault-note .message=${fault.words ?? fault.message}></fault-note>` : ""}
      <div class="actions">
        ${ignored ? "" : html`<button class="primary" ?disabled=${busy} @click=${this.#adopt}>${text("found.add")}</button>`}
        <button class="plain" ?disabled=${busy} @click=${() => this.#do(() => ignoreDiscovery(this.found.id, !ignored))}>
          ${text(ignored ? "found.notice" : "found.ignore")}
        </button>
      </div>
    </article>`;
  }

  readonly #adopt = (): Promise<void> =>
    this.#do(async () => {
      const choice = this.renderRoot.querySelector("vehicle-choice");
      const vehicle = choice instanceof VehicleChoice ? await choice.settle() : undefined;
      await adoptDevice(this.found.id, { vehicle });
    });

  async #do(work: () => Promise<unknown>): Promise<void> {
    if (await this.#task.run(work)) this.dispatchEvent(new Event("done"));
  }
}

customElements.define("found-card", FoundCard);
