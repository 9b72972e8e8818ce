import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startApi } from "#api/start-api.ts";
import type { Log } from "#domain/log.ts";
import { at } from "../../../test/api-server.ts";
import { ingressAddress, ingressPath, startIngressProxy } from "../../../test/ingress-proxy.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { MemoryGarage, silentLog } from "../../../test/memory-garage.ts";
import { MemoryStore } from "../../../test/memory-store.ts";

const token = "correct-horse-battery";

let ended: AbortController;
let clock: ManualClock;
let warnings: string[];
beforeEach(() => {
  ended = new AbortController();
  clock = new ManualClock();
  warnings = [];
});
afterEach(() => ended.abort());

async function serve(http: { token?: string } = {}): Promise<number> {
  const log: Log = { ...silentLog, warn: (text) => void warnings.push(text) };
  const { port } = await startApi({
    garage: new MemoryGarage(),
    store: new MemoryStore(),
    clock,
    log,
    version: "1.2.3",
    webRoot: "/nowhere",
    settings: { http: { host: "0.0.0.0", port: 0, ...http } },
    ingressAddress,
    signal: ended.signal,
  });
  return port;
}

const ask = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { headers, redirect: "manual" });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
};

/** What another machine sees: a proxy on this one speaks for it. */
const afar = { "x-forwarded-for": "192.168.1.7" };
const vehicles = (port: number, headers: Record<string, string> = {}) =>
  ask(`http://127.0.0.1:${port}/api/vehicles`, headers);
const bearer = (text: string) => ({ ...afar, authorization: `Bearer ${text}` });

describe("without a token", () => {
  test("this machine gets in", async () => {
    expect((await vehicles(await serve())).status).toBe(200);
  });

  test("another address gets 403 with a code and what to do, for the page, the API and the live stream alike", async () => {
    const port = await serve();
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const lan = own.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    for (const path of ["/", "/api/vehicles", "/api/health", "/api/openapi.json", "/nothing"]) {
      // On a machine without a network the proxy's word for the far side has to do.
      const { status, body } = await ask(`http://${lan ?? "127.0.0.1"}:${port}${path}`, lan === undefined ? afar : {});
      expect(status).toBe(403);
      expect(at(body, "errors.0.code")).toBe("ACCESS_REFUSED");
      expect(at(body, "errors.0.meta.nextStep")).toContain("CARPORT_HTTP_TOKEN");
    }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, { headers: afar });
    const refused = await new Promise((resolve) => {
      socket.on("error", () => {}).on("unexpected-response", (_, answer) => resolve(answer.statusCode));
    });
    expect(refused).toBe(403);
  });

  test("a proxy on this machine does not lend its address to others", async () => {
    const port = await serve();
    expect((await vehicles(port, afar)).status).toBe(403);
    expect((await vehicles(port, { forwarded: "for=192.168.1.7" })).status).toBe(403);
  });

  test("no token opens the door, not even an empty one", async () => {
    const port = await serve();
    expect((await vehicles(port, { ...afar, authorization: "Bearer " })).status).toBe(403);
    expect((await vehicles(port, { ...afar, cookie: "carport_session=" })).status).toBe(403);
    expect((await ask(`http://127.0.0.1:${port}/?token=`, afar)).status).toBe(403);
  });

  test("ingress gets in, and its links carry its prefix", async () => {
    await using proxy = await startIngressProxy(await serve(), "");
    const { status, body, headers } = await ask(`${proxy.panel}api/devices`);
    expect([status, body]).toMatchObject([200, { data: [], meta: { total: 0 } }]);
    expect(headers.get("content-type")).toBe("application/vnd.api+json");
    expect(proxy.panel).toContain(ingressPath);
  });
});

describe("with a token", () => {
  test("who has it gets in, and who has not is told how", async () => {
    const port = await serve({ token });
    expect((await vehicles(port, bearer(token))).status).toBe(200);
    expect(at((await vehicles(port, afar)).body, "errors.0.code")).toBe("ACCESS_TOKEN_MISSING");
    const wrong = await vehicles(port, bearer(`${token}x`));
    expect([wrong.status, at(wrong.body, "errors.0.code")]).toEqual([401, "ACCESS_TOKEN_WRONG"]);
  });

  test("a browser shows it once and then comes with its cookie, which is not the token", async () => {
    const port = await serve({ token });
    const login = await ask(`http://127.0.0.1:${port}/?token=${token}`, afar);
    expect([login.status, login.headers.get("location")]).toEqual([303, "/"]);
    const set = login.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token);
    expect((await vehicles(port, { ...afar, cookie: set.split(";", 1)[0] ?? "" })).status).toBe(200);
  });

  test("the cookie of another token does not open", async () => {
    const login = await ask(
      `http://127.0.0.1:${await serve({ token: "another-horse-battery" })}/?token=another-horse-battery`,
      afar,
    );
    const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
    expect(cookie).not.toBe("");
    expect((await vehicles(await serve({ token }), { ...afar, cookie })).status).toBe(401);
  });

  test("guessing ends after ten wrong tokens a minute, which the log says in two lines without them", async () => {
    const port = await serve({ token });
    for (let guess = 0; guess < 10; guess++) expect((await vehicles(port, bearer(`guess-${guess}`))).status).toBe(401);
    expect((await vehicles(port, bearer(token))).status).toBe(429);
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain("guess");
    await clock.advance(60_000);
    expect((await vehicles(port, bearer(token))).status).toBe(200);
  });
});
