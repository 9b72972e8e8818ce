import { css, html, LitElement, type TemplateResult } from "lit";
import { TaskController } from "../api/task-controller.ts";
import { type Examination, examineDevice } from "../api/workshop.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";

type Link = Examination["links"][number];

const stateIcons: Readonly<Record<Link["state"], IconName>> = {
  works: "check",
  rests: "moon",
  broken: "alert",
  unknown: "unknown",
};

/** The way of a device's readings to Home Assistant, link by link; what is to be mended first, with what to do. */
export class DeviceDoctor extends LitElement {
  static override properties = { device: {} };
  /** Id. */
  declare device: string;
  #found: Examination | undefined;
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      ol {
        display: grid;
        gap: 12px;
        margin: 0 0 12px;
        padding: 16px 0 0;
        border-top: 1px solid var(--line);
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 10px;
      }
      li > .icon {
        color: var(--quiet);
      }
      .works > .icon {
        color: var(--in);
      }
      .rests > .icon {
        color: var(--asleep);
      }
      .broken > .icon {
        color: var(--low);
      }
      .name {
        font-weight: 500;
      }
      .seen,
      fault-note {
        grid-column: 2;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#examine();
  }

  override render(): TemplateResult {
    const { busy, fault } = this.#task;
    return html`<ol aria-label=${text("doctor.title")}>
        ${this.#found?.links.map((link) => this.#link(link))}
      </ol>
      ${fault ? html`<fault-note .message=${fault.words ?? fault.message}></fault-note>` : ""}
      <div class="actions">
        <button ?disabled=${busy} @click=${this.#examine}>${text(busy ? "doctor.checking" : "doctor.again")}</button>
        <button class="plain" @click=${() => this.dispatchEvent(new Event("done"))}>${text("doctor.close")}</button>
      </div>`;
  }

  #link({ name, state, seen, fault }: Link): TemplateResult {
    const first = name === this.#found?.firstBroken;
    return html`<li class=${state}>
      ${icon(stateIcons[state])}
      <span><span class="name">${text(`doctor.${name}`)}</span> <span class="quiet">· ${text(`doctor.${state}`)}</span></span>
      ${first && fault ? html`<fault-note .message=${fault.message} .next=${fault.nextStep}></fault-note>` : html`<span class="seen quiet small">${seen}</span>`}
    </li>`;
  }

  readonly #examine = (): void => {
    void this.#task.run(async () => {
      this.#found = await examineDevice(this.device);
    });
  };
}

customElements.define("device-doctor", DeviceDoctor);
