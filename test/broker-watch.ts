import { connectAsync, type MqttClient } from "mqtt";

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
}

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

/** Another client at a broker, as Home Assistant or Node-RED would be: hears everything and can speak. */
export class BrokerWatch {
  /** All messages, in the order of arrival. */
  readonly heard: Heard[] = [];
  /** What stands on each topic now. */
  readonly standing = new Map<string, string>();
  readonly #client: MqttClient;
  readonly #waiting = new Set<() => void>();

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on("error", () => undefined);
    // It subscribes again by itself and hears again what stands there now.
    client.on("connect", () => this.standing.clear());
    client.on("message", (topic, content, { retain }) => {
      const payload = content.toString();
      this.heard.push({ topic, payload, retained: retain });
      if (payload === "") this.standing.delete(topic);
      else this.standing.set(topic, payload);
      for (const check of this.#waiting) check();
    });
  }

  static async open(address: BrokerAddress): Promise<BrokerWatch> {
    const client = await connectAsync({ ...address, protocol: "mqtt", protocolVersion: 4, reconnectPeriod: 20 });
    const watch = new BrokerWatch(client);
    await client.subscribeAsync("#");
    return watch;
  }

  /** Resolves once the condition holds; it is looked at after each message. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Until the topic stands at the payload; at anything when none is given. */
  untilStanding(topic: string, payload?: string): Promise<void> {
    return this.until(() => (payload === undefined ? this.standing.has(topic) : this.standing.get(topic) === payload));
  }

  async say(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain });
  }

  /** Messages on a topic since `mark` (a length of `heard`). */
  count(topic: string, mark = 0): number {
    return this.heard.slice(mark).filter((message) => message.topic === topic).length;
  }

  close(): Promise<void> {
    return this.#client.endAsync(true);
  }
}
