/** Integers up to here are added, subtracted and zigzagged without rounding in a double. */
export const INTEGER_LIMIT = 2 ** 50;

/** Exact as doubles; more digits than these are noise rather than decimals. */
export const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;
