/** What `dbus-next` exports from its inside; it has no types for it. */
declare module "dbus-next/lib/connection.js" {
  import type { EventEmitter } from "node:events";
  import type { Socket } from "node:net";
  import type { Message } from "dbus-next";

  /** Events: `connect`, `message` (Message), `error` (Error), `end`. */
  export interface DbusConnection extends EventEmitter {
    readonly stream: Socket;
    message(message: Message): void;
  }
  export default function createConnection(options: { busAddress: string }): DbusConnection;
}
