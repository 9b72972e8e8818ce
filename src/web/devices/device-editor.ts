import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import { loadConfig } from "../api/config.ts";
import { changeDevice, type DeviceKind, loadDevice } from "../api/devices.ts";
import { ResourceController } from "../api/resource-controller.ts";
import { TaskController } from "../api/task-controller.ts";
import { lockedFields } from "../form/locked-fields.ts";
import { fieldsOf } from "../form/schema-fields.ts";
import { SettingsForm } from "../form/settings-form.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import { deviceForm, deviceNames, paceOf } from "./device-form.ts";
import { VehicleChoice } from "./vehicle-choice.ts";

/** Changes a device: what it is called, which vehicle it is in, and its kind's settings. Event `done` at the end. */
export class DeviceEditor extends LitElement {
  static override properties = {
    device: { attribute: false },
    vehicle: { attribute: false },
    vehicles: { attribute: false },
    kinds: { attribute: false },
  };
  declare device: LiveDevice;
  declare vehicle: LiveVehicle | undefined;
  declare vehicles: readonly LiveVehicle[];
  declare kinds: readonly DeviceKind[];
  readonly #task = new TaskController(this);
  readonly #resource = new ResourceController(this, async (abort) => {
    const [device, config] = await Promise.all([loadDevice(this.device.id, abort), loadConfig(abort)]);
    return { device, overrides: config.meta.overrides };
  });

  static override styles = [
    shared,
    controls,
    css`
      form {
        display: grid;
        gap: 20px;
        padding-top: 16px;
        border-top: 1px solid var(--line);
      }
    `,
  ];

  override render(): TemplateResult {
    const { value, fault } = this.#resource;
    if (fault) return html`<fault-note .message=${fault.words ?? text("action.failed")}></fault-note>`;
    const kind = this.kinds.find(({ id }) => id === this.device.kind);
    if (!value || !kind) return html`<p class="quiet">${text("chart.loading")}</p>`;
    const schema = deviceForm(kind);
    const { busy, fault: refusal } = this.#task;
    return html`<form @submit=${this.#save} novalidate>
      <vehicle-choice .vehicles=${this.vehicles} .chosen=${this.vehicle?.id}></vehicle-choice>
      <settings-form
        .schema=${schema}
        .values=${value.device.attributes}
        .locked=${lockedFields(fieldsOf(schema), value.overrides, deviceNames(this.device.id))}
        .wrong=${refusal?.wrong ?? new Map()}
      ></settings-form>
      ${refusal?.words === undefined ? "" : html`<fault-note .message=${refusal.words}></fault-note>`}
      <div class="actions">
        <button class="primary" ?disabled=${busy}>${text("form.save")}</button>
        <button type="button" class="plain" @click=${this.#done}>${text("form.cancel")}</button>
      </div>
    </form>`;
  }

  readonly #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const choice = this.renderRoot.querySelector("vehicle-choice");
    const form = this.renderRoot.querySelector("settings-form");
    const before = this.#resource.value?.device.attributes;
    if (!(choice instanceof VehicleChoice && form instanceof SettingsForm && before)) return;
    const saved = await this.#task.run(async () => {
      const vehicle = await choice.settle();
      const attributes = paceOf(form.edits ?? {}, before.reconnect);
      await changeDevice(this.device.id, { attributes, ...(vehicle !== this.vehicle?.id && { vehicle }) });
    });
    if (saved) this.#done();
  };

  readonly #done = (): void => {
    this.dispatchEvent(new Event("done"));
  };
}

customElements.define("device-editor", DeviceEditor);
