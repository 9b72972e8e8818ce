import { css } from "lit";

/** Buttons and fields; large enough for a thumb. */
export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    padding: 0 16px;
    border: 0;
    border-radius: 12px;
    background: var(--sunken);
    color: var(--text);
    font: inherit;
    font-weight: 500;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover:enabled,
  .button:hover {
    background: var(--well);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.primary {
    background: var(--accent);
    color: var(--surface);
  }
  button.primary:hover:enabled {
    background: color-mix(in srgb, var(--accent) 88%, var(--text));
  }
  button.plain {
    background: none;
    color: var(--accent);
  }
  button.danger {
    background: none;
    color: var(--empty);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .label {
    display: block;
    margin-bottom: 4px;
    font-weight: 500;
  }
  input:not([type="checkbox"], [type="radio"]),
  select,
  textarea {
    width: 100%;
    min-width: 0;
    min-height: 44px;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--page);
    color: var(--text);
    font: inherit;
  }
  [aria-invalid="true"] {
    border-color: var(--empty) !important;
  }
  input:disabled,
  select:disabled {
    opacity: 0.65;
  }
  .wrong {
    display: block;
    margin-top: 4px;
    color: var(--empty);
    font-size: 0.875rem;
  }
`;
