/** Who sent a request, as far as it is known for certain. */
export type Caller =
  | { readonly via: "this-machine" }
  | { readonly via: "token" }
  | { readonly via: "home-assistant"; readonly user?: HomeAssistantUser };

export interface HomeAssistantUser {
  readonly id: string;
  readonly name: string;
}

declare module "hono" {
  interface ContextVariableMap {
    caller: Caller;
  }
}

/** The words for a person: `Anna (Home Assistant)`. */
export function callerName(caller: Caller): string {
  switch (caller.via) {
    case "this-machine":
      return "somebody on this machine";
    case "token":
      return "somebody with the token";
    case "home-assistant":
      return caller.user ? `${caller.user.name} (Home Assistant)` : "Home Assistant";
  }
}

/** The user that the Supervisor names. It takes these headers away from the browser's request before it sets its own. */
export function ingressCaller(header: (name: string) => string | undefined): Caller {
  const id = text(header("x-remote-user-id"));
  const name = text(header("x-remote-user-display-name")) || text(header("x-remote-user-name"));
  return { via: "home-assistant", ...(id !== "" && { user: { id, name: name || id } }) };
}

/** The Supervisor sends UTF-8; Node reads header bytes as Latin-1. */
const text = (value = ""): string =>
  Buffer.from(value, "latin1")
    .toString("utf8")
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 100);
