import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import { type Field, fieldsOf, type Schema, typedValue, valueAt } from "./schema-fields.ts";

/** Settings as a form made from their schema. `edits` holds what the owner has changed and not saved. */
export class SettingsForm extends LitElement {
  static override properties = {
    schema: { attribute: false },
    values: { attribute: false },
    locked: { attribute: false },
    wrong: { attribute: false },
  };
  declare schema: Schema;
  declare values: unknown;
  /** Pointers of what the environment sets, with the name of the variable. */
  declare locked: ReadonlyMap<string, string>;
  /** What is wrong with a value, by its pointer. */
  declare wrong: ReadonlyMap<string, string>;
  readonly #edits = new Map<string, { readonly field: Field; readonly value: unknown }>();

  static override styles = [
    shared,
    controls,
    css`
      .fields {
        display: grid;
        gap: 20px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .line > input:not([type="checkbox"]),
      .line > select {
        flex: 1;
        max-width: 24rem;
      }
      .line > .short {
        max-width: 9rem !important;
      }
      .effect {
        margin-top: 4px;
        max-width: 44rem;
      }
      .switch {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
        min-height: 44px;
        font-weight: 500;
        cursor: pointer;
      }
      input[type="checkbox"] {
        appearance: none;
        flex: none;
        position: relative;
        width: 46px;
        height: 28px;
        margin: 0;
        border-radius: 14px;
        background: var(--well);
        cursor: pointer;
        transition: background 0.15s;
      }
      input[type="checkbox"]::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 22px;
        height: 22px;
        border-radius: 50%;
        background: var(--surface);
        box-shadow: 0 1px 2px rgb(0 0 0 / 30%);
        transition: translate 0.15s;
      }
      input[type="checkbox"]:checked {
        background: var(--accent);
      }
      input[type="checkbox"]:checked::after {
        translate: 18px;
      }
      input[type="checkbox"]:disabled {
        opacity: 0.6;
      }
      .locked {
        display: flex;
        gap: 6px;
        margin-top: 4px;
      }
      code {
        overflow-wrap: anywhere;
      }
      @media (prefers-reduced-motion: reduce) {
        input[type="checkbox"],
        input[type="checkbox"]::after {
          transition: none;
        }
      }
    `,
  ];

  /** What was changed, as a document to merge: null takes a value away. Undefined: nothing was. */
  get edits(): Readonly<Record<string, unknown>> | undefined {
    if (this.#edits.size === 0) return undefined;
    const document: Record<string, unknown> = {};
    for (const { field, value } of this.#edits.values()) put(document, field.path, value ?? null);
    return document;
  }

  /** Takes the edits back, or for granted once they are saved. */
  clear(): void {
    this.#edits.clear();
    this.requestUpdate();
  }

  override render(): TemplateResult {
    return html`<div class="fields">${fieldsOf(this.schema).map((field) => this.#field(field))}</div>`;
  }

  #field(field: Field): TemplateResult {
    const wrong = this.wrong.get(field.pointer);
    const variable = this.locked.get(field.pointer);
    const id = `field${field.pointer.replace(/\W/g, "-")}`;
    const control = this.#control(field, id, variable !== undefined, wrong);
    return html`<div>
      ${
        field.input === "switch"
          ? html`<label class="switch"><span>${field.label}</span>${control}</label>`
          : html`<label class="label" for=${id}>${field.label}</label>
              <div class="line">${control}<span class="quiet">${this.#beside(field)}</span></div>`
      }
      ${wrong === undefined ? "" : html`<span class="wrong" id="${id}-wrong" role="alert">${wrong}</span>`}
      ${field.effect === "" ? "" : html`<p class="effect quiet small">${field.effect}</p>`}
      ${
        variable === undefined
          ? ""
          : html`<p class="locked quiet small">
              ${icon("lock")}<span>${text("form.locked")} <code>${variable}</code></span>
            </p>`
      }
    </div>`;
  }

  #control(field: Field, id: string, off: boolean, wrong: string | undefined): TemplateResult {
    const edit = this.#edits.get(field.pointer);
    const value = edit ? edit.value : (valueAt(this.values, field.path) ?? field.preset);
    const invalid = wrong === undefined ? nothing : "true";
    const described = wrong === undefined ? nothing : `${id}-wrong`;
    switch (field.input) {
      case "switch":
        return html`<input type="checkbox" role="switch" .checked=${value === true} ?disabled=${off}
          @change=${({ target }: Event) => target instanceof HTMLInputElement && this.#edit(field, target.checked)} />`;
      case "choice":
        return html`<select id=${id} ?disabled=${off} aria-invalid=${invalid} aria-describedby=${described}
          @change=${({ target }: Event) => target instanceof HTMLSelectElement && this.#edit(field, target.value)}>
          ${field.choices.map((choice) => html`<option ?selected=${choice === value}>${choice}</option>`)}
        </select>`;
      case "secret":
      case "number":
      case "text":
      case "json":
        return html`<input id=${id} ?disabled=${off} aria-invalid=${invalid} aria-describedby=${described}
          class=${field.input === "number" ? "short number" : ""}
          type=${field.input === "secret" ? "password" : "text"}
          inputmode=${field.input === "number" ? "decimal" : nothing}
          autocomplete="off" autocapitalize="off" spellcheck="false"
          placeholder=${field.input === "secret" ? text("form.secret") : nothing}
          .value=${field.input === "secret" && !edit ? "" : shown(value)}
          @input=${({ target }: Event) => target instanceof HTMLInputElement && this.#edit(field, typedValue(field, target.value))} />`;
    }
  }

  #beside({ unit, range }: Field): string {
    return [unit, range].filter(Boolean).join(" · ");
  }

  #edit(field: Field, value: unknown): void {
    this.#edits.set(field.pointer, { field, value });
    this.dispatchEvent(new Event("edited"));
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function put(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) document[key] = value;
  else {
    const inner: Record<string, unknown> = { ...Object(document[key]) };
    document[key] = inner;
    put(inner, rest, value);
  }
}

customElements.define("settings-form", SettingsForm);
