/** A time from, inclusive, to, exclusive: UTC in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const LEAST_MS = 10_000;
const LONGEST_MS = 5 * 366 * 86_400_000;

export const earlier = ({ from, to }: Span): Span => moved({ from, to }, (from - to) / 2);
export const later = ({ from, to }: Span): Span => moved({ from, to }, (to - from) / 2);
export const closer = (span: Span): Span => scaled(span, 0.5);
export const farther = (span: Span): Span => scaled(span, 2);

const moved = ({ from, to }: Span, by: number): Span => ({ from: from + by, to: to + by });

/** About its middle. */
function scaled({ from, to }: Span, factor: number): Span {
  const half = Math.min(Math.max((to - from) * factor, LEAST_MS), LONGEST_MS) / 2;
  const middle = (from + to) / 2;
  return { from: middle - half, to: middle + half };
}
