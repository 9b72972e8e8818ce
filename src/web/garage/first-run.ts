import { css, html, LitElement, type TemplateResult } from "lit";
import type { Surroundings } from "#api/contract/surroundings.ts";
import { ResourceController } from "../api/resource-controller.ts";
import { loadSurroundings } from "../api/surroundings.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";

/** An adapter is plugged in while one looks. */
const RELOAD_MS = 5_000;

interface Line {
  readonly name: string;
  /** What it may be or how it is, and why. */
  readonly says: string;
  readonly good: boolean;
}

/** Before there is anything: what is around that one could begin with. */
export class FirstRun extends LitElement {
  readonly #surroundings = new ResourceController(this, loadSurroundings, RELOAD_MS);

  static override styles = [
    shared,
    controls,
    css`
      .welcome {
        display: grid;
        justify-items: center;
        gap: 8px;
        margin-bottom: var(--gap);
        padding: 36px 24px;
        text-align: center;
      }
      .welcome > .icon {
        width: 56px;
        height: 56px;
        color: var(--quiet);
        stroke-width: 1.2;
      }
      h1 {
        font-size: 1.25rem;
        font-weight: 600;
      }
      .welcome p {
        max-width: 34rem;
        text-wrap: balance;
      }
      .welcome .actions {
        justify-content: center;
        margin-top: 12px;
      }
      .primary {
        background: var(--accent);
        color: var(--surface);
      }
      .around {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr));
        gap: var(--gap);
        align-items: start;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 1rem;
        font-weight: 600;
      }
      h2 .icon {
        color: var(--quiet);
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 10px;
        padding-top: 12px;
        list-style: none;
        overflow-wrap: anywhere;
      }
      li .icon {
        color: var(--quiet);
      }
      .good .icon {
        color: var(--in);
      }
      .name {
        font-weight: 500;
      }
      .says {
        grid-column: 2;
      }
    `,
  ];

  override render(): TemplateResult {
    const { value } = this.#surroundings;
    return html`<section class="card welcome">
        ${icon("garage")}
        <h1>${text("empty.title")}</h1>
        <p>${text("empty.text")}</p>
        <p class="quiet">${text("empty.next")}</p>
        <div class="actions">
          <a class="button primary" href="#/devices">${text("first.devices")}</a>
        </div>
      </section>
      ${value ? this.#around(value) : ""}`;
  }

  #around({ broker, serialPorts, canInterfaces, bluetooth }: Surroundings): TemplateResult {
    const offered = broker.offered && `${broker.offered.host}:${broker.offered.port}`;
    return html`<div class="around">
      ${this.#card("link", text("first.broker"), [
        offered
          ? { name: offered, says: text("first.broker.offered"), good: true }
          : { name: text("first.broker.none"), says: saying(broker.fault), good: false },
      ])}
      ${this.#card(
        "plug",
        text("first.serial"),
        serialPorts.map(({ path, name, uses }) => {
          const [best] = uses;
          const says = best ? `${text(`use.${best.use}`)} (${best.score} %): ${best.reason}` : path;
          return { name, says, good: best !== undefined && best.use !== "not-a-vehicle" };
        }),
        text("first.serial.none"),
      )}
      ${this.#card(
        "devices",
        text("first.can"),
        canInterfaces.map(({ name, up, bitrate, fault }) => ({
          name: bitrate ? `${name} · ${bitrate / 1000} kbit/s` : name,
          says: up ? text("first.ready") : saying(fault),
          good: up,
        })),
        text("first.can.none"),
      )}
      ${this.#card(
        "search",
        text("first.bluetooth"),
        bluetooth.map(({ way, fault }) => ({
          name: way === "home-assistant" ? "Home Assistant" : way === "bluez" ? "BlueZ" : way,
          says: fault ? saying(fault) : text("first.ready"),
          good: fault === null,
        })),
      )}
    </div>`;
  }

  #card(name: IconName, title: string, lines: readonly Line[], none = ""): TemplateResult {
    return html`<section class="card">
      <h2>${icon(name)} ${title}</h2>
      ${lines.length === 0 ? html`<p class="quiet small">${none}</p>` : ""}
      <ul>
        ${lines.map(
          (line) => html`<li class=${line.good ? "good" : ""}>
            ${icon(line.good ? "check" : "unknown")}<span class="name">${line.name}</span>
            <span class="says quiet small">${line.says}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

const saying = (fault: Surroundings["broker"]["fault"]): string => (fault ? `${fault.message} ${fault.nextStep}` : "");

customElements.define("first-run", FirstRun);
