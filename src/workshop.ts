import type { Workshop } from "#api/workshop/workshop.ts";
import type { Device } from "#domain/device.ts";
import { type DiagnosticsSources, diagnostics } from "#hub/diagnostics.ts";
import { type Evidence, examine, type Fault } from "#hub/doctor.ts";
import type { MqttStatus } from "#outlets/mqtt/mqtt.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { adapterFault } from "./adapter-check.ts";

export interface WorkshopParts extends Omit<DiagnosticsSources, "parts"> {
  readonly store: SeriesStore;
  readonly mqttStatus: () => MqttStatus;
  /** Whether Home Assistant has its integration MQTT; undefined where it cannot be asked. */
  readonly hasMqtt: () => Promise<boolean | undefined>;
}

/** Joins what knows something about faults: the devices, their adapters, the store, the broker and the log. */
export function openWorkshop(parts: WorkshopParts): Workshop {
  const { garage, clock, store, mqttStatus, hasMqtt, tail } = parts;
  const gather = async (device: Device): Promise<Evidence> => {
    const { id } = device.record;
    const mqtt = mqttStatus();
    return {
      now: clock.now(),
      device,
      latest: garage.latest(id).values(),
      adapterFault: await adapterFault(device.record),
      store: { newest: newestKept(store, device), fault: store.counters().fault },
      broker: { state: mqtt.state, fault: brokerFault(mqtt) },
      homeAssistant: mqtt.homeAssistant,
      hasMqtt: await hasMqtt(),
    };
  };
  return {
    tail,
    diagnostics: () => diagnostics({ ...parts, parts: () => ({ store: store.counters(), mqtt: mqttStatus() }) }),
    examine: async (device) => examine(await gather(device)),
  };
}

function newestKept(store: SeriesStore, { record }: Device): number | undefined {
  const times = store
    .channels()
    .flatMap(({ device, vehicle, last }) =>
      device === record.id && vehicle === record.vehicle && last ? [last.time] : [],
    );
  return times.length > 0 ? Math.max(...times) : undefined;
}

const brokerFault = ({ fault, message = "", nextStep = "" }: MqttStatus): Fault | undefined =>
  fault === undefined ? undefined : { code: fault, message, nextStep };
