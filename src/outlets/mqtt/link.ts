import { isIP, type Socket, connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { MqttClient } from "mqtt";
import { CarportError } from "#domain/error.ts";
import type { SystemSettings } from "#hub/settings/system-settings.ts";
import { linkFault } from "./link-fault.ts";
import type { Publish } from "./retained-board.ts";
import type { Message } from "./topics.ts";

export type MqttSettings = SystemSettings["mqtt"];

/** 4 is MQTT 3.1.1. */
export type Protocol = 5 | 4;

/** `retained`: it was there before we subscribed. */
export type Receive = (topic: string, payload: Buffer, retained: boolean) => void;

export interface LinkOptions {
  readonly settings: MqttSettings;
  readonly protocol: Protocol;
  readonly clientId: string;
  readonly will: Message;
  readonly receive: Receive;
  /** Ends the attempt. Once there is a link, only `close` ends it. */
  readonly signal: AbortSignal;
}

/** A connection to a broker that has accepted us. It never comes back once it is closed. */
export interface Link {
  /** How many publishes the broker takes un-acknowledged. */
  readonly receiveMaximum: number;
  readonly publish: Publish;
  /** Resolves with the broker's answer or when the link closes; rejects with MQTT_NOT_ALLOWED. */
  subscribe(filters: readonly string[]): Promise<void>;
  /** Resolves with the broker's answer or when the link closes. */
  unsubscribe(filter: string): Promise<void>;
  /** Resolves with the reason when the link is over, whoever ended it. */
  readonly closed: Promise<CarportError>;
  /** Ends it in order, so that the broker does not send the will. Takes 1 s at most. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;
const KEEPALIVE_SECONDS = 30;
/** Nothing that concerns Carport is larger; MQTT 5 brokers keep such messages to themselves. */
const LARGEST_INCOMING = 2 * 1024 * 1024;
/** Fixed header, lengths, message id and properties of a PUBLISH packet, at most. */
const PUBLISH_OVERHEAD = 32;

/** `host:port`, as errors and the log name the broker. */
export const brokerName = (settings: MqttSettings): string => `${settings.host}:${settings.port}`;

/** Rejects with a CarportError when there is no connection, or the broker does not accept us, within 10 s. */
export async function openLink(options: LinkOptions): Promise<Link> {
  // CommonJS: its names are properties of the default export, in Node and in a bundle alike.
  const { default: mqtt } = await import("mqtt");
  const { settings, protocol, will, signal, receive } = options;
  const broker = brokerName(settings);
  const progress = { tls: settings.tls, reached: false, accepted: false };
  const reached = () => {
    progress.reached = true;
  };
  const client = new mqtt.MqttClient(() => openSocket(settings, reached), {
    clientId: options.clientId,
    protocolVersion: protocol,
    clean: true,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // To connect again is the Connection's business, to send again the board's.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(settings.username !== "" && { username: settings.username, password: settings.password }),
    ...(protocol === 5 && { properties: { maximumPacketSize: LARGEST_INCOMING } }),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: true },
  });
  client.on("message", (topic, payload, { retain }) => receive(topic, payload, retain));
  const closed = end(client).then((reason) => linkFault(reason, broker, progress));
  const accepted = new Promise<"accepted">((resolve) => {
    client.once("connect", () => {
      progress.accepted = true;
      resolve("accepted");
    });
  });
  const giveUp = () => client.stream.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  const outcome = await Promise.race([accepted, closed]);
  signal.removeEventListener("abort", giveUp);
  if (outcome !== "accepted") throw outcome;
  const limits = client.serverProperties;
  const largest = limits?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
  return {
    receiveMaximum: limits?.receiveMaximum ?? 65_535,
    closed,
    publish: ({ topic, payload, qos, passing }, done) => {
      // A closed client throws, its store being gone.
      if (!client.connected || client.disconnecting) return;
      const content = Buffer.from(payload);
      if (content.length + Buffer.byteLength(topic) + PUBLISH_OVERHEAD > largest) {
        return done(new CarportError("MQTT_PACKET_TOO_LARGE", `${broker}: ${topic}`));
      }
      client.publish(topic, content, { qos, retain: !passing }, (error) => {
        if (!error) done();
        // Any other error is that of a closing link: whether the message arrived is unknown.
        else if (hasReasonCode(error))
          done(new CarportError("MQTT_NOT_ALLOWED", `${broker}: ${topic}`, { cause: error }));
      });
    },
    subscribe: async (filters) => {
      try {
        // nl: what we publish ourselves does not come back (MQTT 5 only). A closed client never answers.
        await Promise.race([client.subscribeAsync([...filters], { qos: 0, nl: true }), closed]);
      } catch (error) {
        if (!client.connected) return;
        throw new CarportError("MQTT_NOT_ALLOWED", `${broker}: ${filters.join(" ")}`, { cause: error });
      }
    },
    unsubscribe: async (filter) => {
      const answered = new Promise((resolve) => client.unsubscribe(filter, resolve));
      await Promise.race([answered, closed]);
    },
    close: async () => {
      const impatience = setTimeout(() => client.stream.destroy(), CLOSE_TIMEOUT_MS);
      client.end();
      await closed;
      clearTimeout(impatience);
    },
  };
}

/** Resolves when the client is through, with what it reported as the reason. */
function end(client: MqttClient): Promise<unknown> {
  return new Promise((resolve) => {
    let reason: unknown;
    // This listener stays: an "error" that nobody hears ends the process.
    client.on("error", (error) => {
      reason ??= error;
      client.stream.destroy();
    });
    client.on("disconnect", ({ reasonCode }) => {
      reason ??= { code: reasonCode };
    });
    client.once("close", () => resolve(reason));
  });
}

/** The broker itself said no (MQTT 5, 3.4.2.1). */
const hasReasonCode = (error: Error): boolean => "code" in error && typeof error.code === "number";

function openSocket({ host, port, tls }: MqttSettings, reached: () => void): Socket {
  const socket = tls
    ? tlsConnect({ host, port, ...(isIP(host) === 0 && { servername: host }) }, reached)
    : tcpConnect({ host, port }, reached);
  // Readings are small and wanted now: Nagle's algorithm holds them back by up to 40 ms.
  return socket.setNoDelay(true);
}
