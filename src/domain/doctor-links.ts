/** The way of a reading, in its order: what the connection doctor looks at. */
export const linkNames = ["adapter", "bus", "source", "carport", "broker", "home-assistant"] as const;
export type LinkName = (typeof linkNames)[number];
