import { css, html, LitElement, type TemplateResult } from "lit";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import type { Mood } from "./vehicle-view.ts";

const moodIcons: Readonly<Record<Mood, IconName>> = {
  driving: "speed",
  charging: "bolt",
  parked: "parked",
  asleep: "moon",
  lost: "unlinked",
  fault: "alert",
  connecting: "link",
  none: "link",
};

/** What a vehicle is doing, in a word. */
export class MoodBadge extends LitElement {
  static override properties = { mood: {} };
  declare mood: Mood;

  static override styles = [
    shared,
    css`
      .mood {
        display: flex;
        align-items: center;
        gap: 6px;
        padding: 5px 12px 5px 9px;
        border-radius: 999px;
        background: color-mix(in srgb, var(--mood) 12%, transparent);
        color: color-mix(in srgb, var(--mood) 75%, var(--text));
        font-size: 0.875rem;
        font-weight: 500;
        white-space: nowrap;
        --mood: var(--quiet);
      }
      .driving {
        --mood: var(--out);
      }
      .charging {
        --mood: var(--in);
      }
      .asleep {
        --mood: var(--asleep);
      }
      .lost,
      .fault {
        --mood: var(--low);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div class="mood ${this.mood}">${icon(moodIcons[this.mood])} ${text(`mood.${this.mood}`)}</div>`;
  }
}

customElements.define("mood-badge", MoodBadge);
