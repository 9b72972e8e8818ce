import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import { type VehicleKind, vehicleKinds } from "#domain/vehicle.ts";
import { TaskController } from "../api/task-controller.ts";
import { changeVehicle, mergeVehicles, removeVehicle } from "../api/vehicles.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";

/** Changes what a vehicle is called and what it is, or joins it with another one. Event `done` at the end. */
export class VehicleEditor extends LitElement {
  static override properties = { vehicle: { attribute: false }, others: { attribute: false } };
  declare vehicle: LiveVehicle;
  declare others: readonly LiveVehicle[];
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      :host {
        margin-bottom: var(--gap);
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
        gap: 14px;
      }
      .wide {
        grid-column: 1 / -1;
      }
    `,
  ];

  override render(): TemplateResult {
    const { vehicle, others } = this;
    const { busy, fault } = this.#task;
    const wrong = fault && [...fault.wrong.values(), fault.words].filter(Boolean).join(" ");
    return html`<section class="card">
      <form @submit=${this.#save}>
        <label>
          <span class="label">${text("vehicle.name")}</span>
          <input name="name" maxlength="100" autocomplete="off" .value=${vehicle.name} />
        </label>
        <label>
          <span class="label">${text("vehicle.kind")}</span>
          <select name="kind">
            ${vehicleKinds.map((kind) => html`<option value=${kind} ?selected=${kind === vehicle.kind}>${text(`kind.${kind}`)}</option>`)}
          </select>
        </label>
        ${
          others.length === 0
            ? ""
            : html`<label>
                <span class="label">${text("vehicle.merge")}</span>
                <select name="into">
                  <option value="">${text("vehicle.merge.none")}</option>
                  ${others.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
                </select>
                <span class="quiet small">${text("vehicle.merge.effect")}</span>
              </label>`
        }
        ${wrong ? html`<fault-note class="wide" .message=${wrong}></fault-note>` : ""}
        <div class="actions wide">
          <button class="primary" ?disabled=${busy}>${text("form.save")}</button>
          <button type="button" class="plain" @click=${this.#done}>${text("form.cancel")}</button>
          ${
            vehicle.devices.length === 0
              ? html`<button type="button" class="danger" ?disabled=${busy} @click=${this.#remove}>${text("vehicle.remove")}</button>`
              : ""
          }
        </div>
      </form>
    </section>`;
  }

  readonly #save = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const entered = new FormData(event.target);
    const into = String(entered.get("into") ?? "");
    const { id } = this.vehicle;
    const kind = vehicleKinds.find((each): each is VehicleKind => each === entered.get("kind"));
    const change = { name: String(entered.get("name")), ...(kind && { kind }) };
    void this.#run(() => (into === "" ? changeVehicle(id, change) : mergeVehicles(into, id)));
  };

  readonly #remove = (): Promise<void> => this.#run(() => removeVehicle(this.vehicle.id));

  async #run(work: () => Promise<unknown>): Promise<void> {
    if (await this.#task.run(work)) this.#done();
  }

  readonly #done = (): void => {
    this.dispatchEvent(new Event("done"));
  };
}

customElements.define("vehicle-editor", VehicleEditor);
