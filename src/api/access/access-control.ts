import { BlockList, isIPv4 } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { AttemptLimit } from "./attempt-limit.ts";
import { type Caller, ingressCaller } from "./caller.ts";
import { isSame, SESSION_COOKIE, sessionOf } from "./token.ts";

export interface AccessOptions {
  /** `http.token`; empty: nobody gets in by a token. */
  readonly token: string;
  /** Where ingress comes from: 172.30.32.2 in Home Assistant, undefined elsewhere. */
  readonly ingressAddress: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const SESSION_SECONDS = 90 * 86_400;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Lets in this machine, Home Assistant's ingress and, where a token is set, whoever has it; tells the routes by `caller`
 * who it is. Everybody else gets ACCESS_REFUSED, or ACCESS_TOKEN_MISSING, ACCESS_TOKEN_WRONG, ACCESS_TOO_MANY_ATTEMPTS.
 * A browser shows the token once, at `/?token=…`, and gets a cookie for it.
 */
export function accessControl({ token, ingressAddress, clock, log }: AccessOptions): MiddlewareHandler {
  const attempts = new AttemptLimit();
  const session = token === "" ? "" : sessionOf(token);

  const check = (given: string, address: string) => {
    const now = clock.monotonic();
    if (attempts.wait(address, now) > 0) throw new CarportError("ACCESS_TOO_MANY_ATTEMPTS", address);
    if (isSame(given, token)) return;
    const failures = attempts.fail(address, now);
    if (failures === 1) log.warn(`a wrong token came from ${address}`);
    if (attempts.wait(address, now) > 0) log.warn(`${failures} wrong tokens came from ${address}: it has to wait`);
    throw new CarportError("ACCESS_TOKEN_WRONG", address);
  };

  return async (c, next) => {
    const address = plain(getConnInfo(c).remote.address ?? "");
    const known = callerBy(c, address, ingressAddress);
    if (known) {
      c.set("caller", known);
      return await next();
    }
    if (token === "") throw new CarportError("ACCESS_REFUSED", address);
    c.set("caller", { via: "token" });
    const bearer = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const login = c.req.path === "/" ? c.req.query("token") : undefined;
    if (login !== undefined) {
      check(login, address);
      setCookie(c, SESSION_COOKIE, session, { httpOnly: true, sameSite: "Strict", path: "/", maxAge: SESSION_SECONDS });
      // The token is to leave the address bar and the history.
      return c.redirect("/", 303);
    }
    if (bearer !== undefined) check(bearer, address);
    // A cookie is no attempt: those of an earlier token come from honest browsers, and nobody guesses 256 bits.
    else if (!isSame(getCookie(c, SESSION_COOKIE) ?? "", session)) {
      throw new CarportError("ACCESS_TOKEN_MISSING", address);
    }
    return await next();
  };
}

function callerBy(c: Context, address: string, ingressAddress: string | undefined): Caller | undefined {
  if (ingressAddress !== undefined && address === ingressAddress) return ingressCaller((name) => c.req.header(name));
  // A proxy on this machine speaks for others.
  const passedOn = c.req.header("x-forwarded-for") !== undefined || c.req.header("forwarded") !== undefined;
  return isLoopback(address) && !passedOn ? { via: "this-machine" } : undefined;
}

const isLoopback = (address: string) => loopback.check(address, isIPv4(address) ? "ipv4" : "ipv6");

/** A socket for both families names IPv4 addresses so (RFC 4291, 2.5.5.2). */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");
