import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/** Drawn for Carport on a 24-unit grid, in strokes of the text's colour. */
const drawings = {
  car: svg`<path d="M4 16.500v-3.400c0-.8.4-1.500 1.100-1.900l1-.6 1.600-3.300c.4-.8 1.200-1.300 2.100-1.300h4.400c.9 0 1.700.5 2.100 1.300l1.600 3.300 1 .6c.7.4 1.100 1.100 1.100 1.900v3.400c0 .6-.4 1-1 1H5c-.6 0-1-.4-1-1zM6.500 10.600h11M6.500 17.500V19M17.500 17.500V19M7.500 14h1.500M15 14h1.500"/>`,
  van: svg`<path d="M3.500 16.500v-9c0-.8.7-1.500 1.500-1.500h9.500c.6 0 1.200.3 1.500.8l2.700 4.200 1.100.7c.5.3.7.8.7 1.300v3.500c0 .6-.4 1-1 1h-1.200M9.300 17.500h5.400M3.500 16.500c0 .6.400 1 1 1M12.500 6v5h6"/><circle cx="7" cy="17.500" r="2"/><circle cx="17" cy="17.500" r="2"/>`,
  motorcycle: svg`<circle cx="5.500" cy="16" r="3"/><circle cx="18.500" cy="16" r="3"/><path d="M5.500 16l3.500-5h5l4.500 5M9 11l2.500 5h3M14 11l-1.500-3.500H15"/>`,
  boat: svg`<path d="M4 14.500h16l-2 4c-.3.600-.8 1-1.500 1h-9c-.7 0-1.200-.4-1.500-1zM12 14.500V4l5.500 7.500H12M9.500 14.500V8l-3 3.500h3"/>`,
  trailer: svg`<path d="M3 8h12.500v8H3zM15.500 14H20v2.500"/><circle cx="9" cy="17" r="2"/>`,
  other: svg`<circle cx="12" cy="12" r="7.500"/><path d="M12 8v4l2.500 2"/>`,
  bolt: svg`<path d="M13 3 6 13.500h5L10 21l8-11h-5.500z"/>`,
  plug: svg`<path d="M9 3v5M15 3v5M6.500 8h11v3a5.500 5.500 0 0 1-11 0zM12 16.500V21"/>`,
  battery: svg`<rect x="4" y="7.500" width="14.500" height="9" rx="2"/><path d="M21 10.500v3M7.500 10.500v3M11 10.500v3"/>`,
  wheel: svg`<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="2.200"/><path d="M12 4v5.800M4.600 9.500l5.300 1.800M19.400 9.500l-5.300 1.800M7.500 18.600l3.200-4.900M16.500 18.600l-3.200-4.900"/>`,
  speed: svg`<path d="M5.600 18a8.500 8.500 0 1 1 12.800 0M12 13.500 16 9"/><circle cx="12" cy="13.500" r="1.300"/>`,
  gear: svg`<path d="M6 5v14M12 5v14M18 5v7H6"/>`,
  range: svg`<path d="M8.500 4 5 20M15.500 4 19 20M12 5v2.500M12 10.700v2.600M12 16.500V19"/>`,
  temperature: svg`<path d="M10 13.800V6a2 2 0 1 1 4 0v7.800a4 4 0 1 1-4 0zM12 10v6.500"/>`,
  "12v": svg`<path d="M4 8.500h16v10H4zM6.500 8.500V6h3v2.500M14.500 8.500V6h3v2.500M7 13h3M14.500 13h3M16 11.500v3"/>`,
  health: svg`<path d="M12 19.5S4.500 15 4.500 9.300A4 4 0 0 1 12 7.500a4 4 0 0 1 7.500 1.800C19.500 15 12 19.500 12 19.500zM6.500 12h3l1.500-2.500 2 4 1.500-1.500h3"/>`,
  moon: svg`<path d="M19 14.500A7.500 7.500 0 0 1 9.500 5a7.500 7.500 0 1 0 9.500 9.500z"/>`,
  parked: svg`<rect x="4" y="4" width="16" height="16" rx="4"/><path d="M10 16.500v-9h3a2.700 2.700 0 0 1 0 5.400h-3"/>`,
  alert: svg`<path d="M12 4.500 3.500 19h17zM12 10v4M12 16.600v.1"/>`,
  link: svg`<path d="M10 14a3.500 3.500 0 0 0 5 0l3-3a3.500 3.500 0 0 0-5-5l-.7.7M14 10a3.500 3.500 0 0 0-5 0l-3 3a3.500 3.500 0 0 0 5 5l.7-.7"/>`,
  unlinked: svg`<path d="m16 13 2-2a3.500 3.500 0 0 0-5-5l-1 1M8 11l-2 2a3.500 3.500 0 0 0 5 5l1-1M5 5l14 14"/>`,
  garage: svg`<path d="M4 19.500V9.500L12 4.500l8 5v10M7.500 19.500v-7h9v7M7.500 15h9M7.500 17.200h9"/>`,
  devices: svg`<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M10 7V4M14 7V4M10 20v-3M14 20v-3M7 10H4M7 14H4M20 10h-3M20 14h-3"/>`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  system: svg`<path d="M3.500 12.500h4l2.500-7 4 13 2.500-6h4"/>`,
  search: svg`<circle cx="10.500" cy="10.500" r="6"/><path d="m15 15 5 5"/>`,
  download: svg`<path d="M12 4v11M7.500 11 12 15.500 16.500 11M5 19.500h14"/>`,
  check: svg`<path d="m5 12.500 4.500 4.500L19 7.500"/>`,
  lock: svg`<rect x="6" y="11" width="12" height="8.500" rx="2"/><path d="M8.500 11V8a3.500 3.500 0 0 1 7 0v3"/>`,
  closer: svg`<circle cx="10.500" cy="10.500" r="6"/><path d="m15 15 5 5M8 10.500h5M10.500 8v5"/>`,
  farther: svg`<circle cx="10.500" cy="10.500" r="6"/><path d="m15 15 5 5M8 10.500h5"/>`,
  back: svg`<path d="m15 6-6 6 6 6"/>`,
  unknown: svg`<circle cx="12" cy="12" r="7.500"/><path d="M9.800 10a2.200 2.200 0 1 1 3.200 2c-.7.400-1 .8-1 1.500M12 15.600v.1"/>`,
  chevron: svg`<path d="m9 6 6 6-6 6"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof drawings;

/** Decorative: what it says is always said in words beside it. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${drawings[name]}</svg>`;
}
