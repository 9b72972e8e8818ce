import { type Device, deviceStates } from "#domain/device.ts";
import type { BooleanSignal, EnumSignal, NumberSignal, Signal } from "#domain/signal.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import { defined } from "./defined.ts";
import { binarySensorClasses, sensorClasses } from "./sensor-classes.ts";
import type { TopicTree } from "./topics.ts";

/** One entity, in the words of Home Assistant's MQTT discovery (2025.10 and later: no `object_id`). */
export interface Component {
  readonly platform: "sensor" | "binary_sensor";
  readonly unique_id: string;
  readonly default_entity_id: string;
  readonly name: string;
  readonly state_topic: string;
  readonly json_attributes_topic?: string;
  readonly availability?: readonly { readonly topic: string }[];
  readonly device_class?: string;
  readonly unit_of_measurement?: string;
  readonly state_class?: string;
  readonly suggested_display_precision?: number;
  readonly options?: readonly string[];
  readonly entity_category?: "diagnostic";
  readonly enabled_by_default?: false;
  readonly icon?: string;
}

/** Tells Home Assistant to forget a component. */
export type Removal = Pick<Component, "platform">;

/** `<discovery prefix>/device/<id>/config`: a page in Home Assistant with all its entities. */
export interface DiscoveryPayload {
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly manufacturer?: string;
    readonly model?: string;
    readonly serial_number?: string;
    readonly sw_version?: string;
    readonly via_device?: string;
  };
  readonly origin: { readonly name: string; readonly sw_version: string; readonly support_url: string };
  /** Of all components that have none of their own. */
  readonly availability: readonly { readonly topic: string }[];
  readonly availability_mode: "all";
  readonly components: Readonly<Record<string, Component>>;
}

export const ORIGIN = "Carport";
const SUPPORT_URL = "https://github.com/carport-app/carport";

interface Context {
  readonly topics: TopicTree;
  /** Carport's own. */
  readonly version: string;
}

/** The page of a vehicle: what its devices know of it. */
export function vehicleDiscovery(vehicle: Vehicle, devices: readonly Device[], context: Context): DiscoveryPayload {
  const { topics } = context;
  const id = topics.discoveryId("vehicle", vehicle.id);
  const names = { vehicle: vehicle.id };
  const page = new Page(id, vehicle.id, topics);
  page.state(topics.topic("vehicle/<vehicle>/state", names));
  page.lastSeen(topics.topic("vehicle/<vehicle>/last_seen", names));
  const signals = devices.flatMap((device) => signalsOf(device, "vehicle").map((signal) => ({ device, signal })));
  const shared = repeated(signals.map(({ signal }) => signal.name));
  for (const { device, signal } of signals) {
    const name = shared.has(signal.name) ? `${signal.name} (${device.record.name})` : signal.name;
    page.signal(vehicleComponent(device, signal), device, signal, name);
  }
  const { manufacturer, model } = describedBy(devices);
  return {
    ...frame(context),
    device: { identifiers: [id], name: vehicle.name, ...defined({ manufacturer, model }) },
    components: page.components,
  };
}

/** The page of a device: how it does, and, while no vehicle has it, also what it reads. */
export function deviceDiscovery(device: Device, context: Context): DiscoveryPayload {
  const { topics } = context;
  const { record, status } = device;
  const id = topics.discoveryId("device", record.id);
  const names = { device: record.id };
  const page = new Page(id, record.id, topics);
  page.state(topics.topic("device/<device>/state", names), topics.topic("device/<device>/fault", names));
  page.lastSeen(topics.topic("device/<device>/last_seen", names));
  for (const signal of signalsOf(device, "device")) page.signal(deviceComponent(signal), device, signal, signal.name);
  return {
    ...frame(context),
    device: {
      identifiers: [id],
      name: record.name,
      ...defined({
        manufacturer: status.identity.manufacturer,
        model: status.identity.model ?? record.kind,
        serial_number: status.identity.serialNumber,
        sw_version: status.identity.softwareVersion,
        via_device: record.vehicle === undefined ? undefined : topics.discoveryId("vehicle", record.vehicle),
      }),
    },
    components: page.components,
  };
}

/**
 * Keys of components; with the page's id they make the unique id. A signal key has no `-`, so no two devices' signals
 * meet, and none meets `state` or `last_seen`. A vehicle's entity names the vehicle and the device: a device that moves
 * on starts new entities there, and what it measured stays with the vehicle it was measured on.
 */
export const vehicleComponent = (device: Device, signal: Signal): string => `${device.record.id}-${signal.key}`;
const deviceComponent = (signal: Signal): string => `signal-${signal.key}`;

/** The device of a vehicle's component; undefined for the vehicle's own. */
export const deviceOfComponent = (key: string): string | undefined => /^(.+)-[^-]+$/.exec(key)?.[1];

/** What a page shows: the vehicle's page the signals about the vehicle, the device's own the rest. */
export function signalsOf(device: Device, page: "vehicle" | "device"): readonly Signal[] {
  return device.status.signals.filter(
    (signal) => (signal.subject === "vehicle" && device.record.vehicle !== undefined ? "vehicle" : "device") === page,
  );
}

/** Make and model as the device knows them that knows the vehicle best. */
export function describedBy(devices: readonly Device[]): { manufacturer?: string; model?: string } {
  const best = devices
    .filter((device) => device.status.identity.model !== undefined)
    .toSorted((a, b) => signalsOf(b, "vehicle").length - signalsOf(a, "vehicle").length)[0];
  return defined({ manufacturer: best?.status.identity.manufacturer, model: best?.status.identity.model });
}

const frame = ({ topics, version }: Context) =>
  ({
    origin: { name: ORIGIN, sw_version: version, support_url: SUPPORT_URL },
    availability: [{ topic: topics.topic("status", {}) }],
    availability_mode: "all",
  }) as const;

/** Collects the components of one page. */
class Page {
  readonly components: Record<string, Component> = {};
  readonly #id: string;
  readonly #entityPrefix: string;
  readonly #topics: TopicTree;

  constructor(id: string, entityPrefix: string, topics: TopicTree) {
    this.#id = id;
    this.#entityPrefix = entityPrefix;
    this.#topics = topics;
  }

  state(topic: string, attributes?: string): void {
    this.#add("state", "sensor", "state", {
      name: "State",
      state_topic: topic,
      ...defined({ json_attributes_topic: attributes }),
      device_class: "enum",
      options: deviceStates,
      entity_category: "diagnostic",
    });
  }

  lastSeen(topic: string): void {
    this.#add("last_seen", "sensor", "last_seen", {
      name: "Last seen",
      state_topic: topic,
      device_class: "timestamp",
      entity_category: "diagnostic",
    });
  }

  signal(key: string, device: Device, signal: Signal, name: string): void {
    const { entityCategory, icon, enabled } = signal.presentation;
    const names = { device: device.record.id };
    this.#add(key, signal.type === "boolean" ? "binary_sensor" : "sensor", signal.key, {
      name,
      state_topic: this.#topics.topic("device/<device>/signal/<signal>", { ...names, signal: signal.key }),
      availability: [
        { topic: this.#topics.topic("status", {}) },
        { topic: this.#topics.topic("device/<device>/availability", names) },
      ],
      ...traits(signal),
      ...defined({ entity_category: entityCategory, icon, enabled_by_default: enabled ? undefined : (false as const) }),
    });
  }

  #add(
    key: string,
    platform: Component["platform"],
    entity: string,
    rest: Omit<Component, "platform" | "unique_id" | "default_entity_id">,
  ): void {
    this.components[key] = {
      platform,
      unique_id: `${this.#id}.${key}`,
      default_entity_id: `${platform}.${this.#entityPrefix}_${entity}`.replaceAll("-", "_"),
      ...rest,
    };
  }
}

type Traits = Partial<
  Pick<Component, "device_class" | "unit_of_measurement" | "state_class" | "suggested_display_precision" | "options">
>;

/** What the kind of value means to Home Assistant. A class that it would refuse is left out: better plain than missing. */
export function traits(signal: Signal): Traits {
  switch (signal.type) {
    case "number":
      return numberTraits(signal);
    case "boolean":
      return booleanTraits(signal);
    case "enum":
      return enumTraits(signal);
  }
}

function numberTraits({ presentation, unit, precision }: NumberSignal): Traits {
  const known = sensorClasses.get(presentation.deviceClass ?? "");
  const fits =
    known?.units.includes(unit ?? "") &&
    (presentation.stateClass === undefined || (known.stateClasses?.includes(presentation.stateClass) ?? true));
  return defined({
    device_class: fits ? presentation.deviceClass : undefined,
    unit_of_measurement: unit,
    state_class: presentation.stateClass,
    suggested_display_precision: precision,
  });
}

function booleanTraits({ presentation: { deviceClass } }: BooleanSignal): Traits {
  return deviceClass !== undefined && binarySensorClasses.has(deviceClass) ? { device_class: deviceClass } : {};
}

function enumTraits({ states }: EnumSignal): Traits {
  const options = [...new Set(Object.values(states))];
  return options.length === 0 ? {} : { device_class: "enum", options };
}

function repeated(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.filter((text, at) => texts.indexOf(text) !== at));
}
