import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import { addDevice, type DeviceKind } from "../api/devices.ts";
import { TaskController } from "../api/task-controller.ts";
import { SettingsForm } from "../form/settings-form.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import { deviceForm } from "./device-form.ts";
import { VehicleChoice } from "./vehicle-choice.ts";

/** Adds a device that no search finds. Event `done` at the end. */
export class AddDevice extends LitElement {
  static override properties = { kinds: { attribute: false }, vehicles: { attribute: false }, kind: { state: true } };
  declare kinds: readonly DeviceKind[];
  declare vehicles: readonly LiveVehicle[];
  declare kind: DeviceKind | undefined;
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      form {
        display: grid;
        gap: 20px;
      }
      h3 {
        margin: 0;
        font-size: 1.125rem;
        font-weight: 600;
      }
      .kinds {
        display: grid;
        gap: 8px;
      }
      .kinds button {
        justify-content: start;
        text-align: start;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<section class="card">${this.kind ? this.#form(this.kind) : this.#choice()}</section>`;
  }

  #choice(): TemplateResult {
    return html`<form>
      <h3>${text("add.title")}</h3>
      <div class="kinds">
        ${this.kinds.map(
          (kind) => html`<button
            type="button"
            @click=${() => {
              this.kind = kind;
            }}
          >
            ${kind.attributes.title}
          </button>`,
        )}
        <button type="button" class="plain" @click=${this.#done}>${text("form.cancel")}</button>
      </div>
    </form>`;
  }

  #form(kind: DeviceKind): TemplateResult {
    const { busy, fault } = this.#task;
    return html`<form @submit=${this.#add} novalidate>
      <h3>${kind.attributes.title}</h3>
      <vehicle-choice .vehicles=${this.vehicles}></vehicle-choice>
      <settings-form
        .schema=${deviceForm(kind, "new")}
        .values=${{ name: kind.attributes.title }}
        .locked=${new Map()}
        .wrong=${fault?.wrong ?? new Map()}
      ></settings-form>
      ${fault?.words === undefined ? "" : html`<fault-note .message=${fault.words}></fault-note>`}
      <div class="actions">
        <button class="primary" ?disabled=${busy}>${text("found.add")}</button>
        <button type="button" class="plain" @click=${this.#done}>${text("form.cancel")}</button>
      </div>
    </form>`;
  }

  readonly #add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { kind } = this;
    const choice = this.renderRoot.querySelector("vehicle-choice");
    const form = this.renderRoot.querySelector("settings-form");
    if (!(kind && choice instanceof VehicleChoice && form instanceof SettingsForm)) return;
    const added = await this.#task.run(async () => {
      const vehicle = await choice.settle();
      await addDevice({ attributes: { kind: kind.id, name: kind.attributes.title, ...form.edits }, vehicle });
    });
    if (added) this.#done();
  };

  readonly #done = (): void => {
    this.dispatchEvent(new Event("done"));
  };
}

customElements.define("add-device", AddDevice);
