import { passOn, TcpServer } from "./tcp-server.ts";

/** A broker that hangs up on MQTT 5 without a word, as some older ones do, in front of a real one. */
export async function openOlderBroker(target: { readonly host: string; readonly port: number }) {
  /** Versions of MQTT that were tried. */
  const versions: number[] = [];
  const server = await TcpServer.open((socket) => {
    socket.once("data", (first) => {
      // Fixed header, "MQTT", then the version (MQTT 5, 3.1.2.2).
      const version = first[first.indexOf("MQTT") + 4] ?? 0;
      versions.push(version);
      socket.unshift(first);
      if (version === 5) socket.destroy();
      else passOn(socket, target);
    });
  });
  return { server, versions };
}
