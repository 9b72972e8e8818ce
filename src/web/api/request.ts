import type { ErrorDocument } from "#api/contract/resources.ts";
import { text } from "../texts/text.ts";

const JSON_API = "application/vnd.api+json";
const LONGEST_MS = 30_000;

/** What the server refused, and why: `errors` in the server's own words. Empty when it could not be reached. */
export class RequestFailed extends Error {
  readonly errors: ErrorDocument["errors"];

  constructor(errors: ErrorDocument["errors"], cause?: unknown) {
    super(errors[0]?.detail ?? "no answer", { cause });
    this.errors = errors;
  }

  /** What is wrong with a value of the attributes that were sent, by its pointer below them. */
  get wrong(): ReadonlyMap<string, string> {
    return new Map(this.errors.flatMap(({ source, detail }) => (isValue(source) ? [[within(source), detail]] : [])));
  }

  /** What is wrong besides, with the next step; undefined where it is all said beside the values. */
  get words(): string | undefined {
    if (this.errors.length === 0) return text("action.unreachable");
    const others = this.errors.filter(({ source }) => !isValue(source));
    return others.length === 0 ? undefined : others.map(({ detail, meta }) => `${detail} ${meta.nextStep}`).join(" ");
  }
}

type Source = ErrorDocument["errors"][number]["source"];
const ATTRIBUTES = "/data/attributes";

const isValue = (source: Source): source is { pointer: string } =>
  source !== undefined && "pointer" in source && source.pointer.startsWith(`${ATTRIBUTES}/`);

const within = ({ pointer }: { pointer: string }): string => pointer.slice(ATTRIBUTES.length);

/**
 * The answer's document; `path` is relative to the page, which may lie below ingress. The server that served this page
 * keeps to its own contract, so that its word is taken for the type.
 * @throws RequestFailed
 */
export async function request<Answer>(
  path: string,
  options: {
    readonly method?: "POST" | "PATCH" | "DELETE";
    readonly body?: unknown;
    readonly abort?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { method = "GET", body, abort } = options;
  const limit = AbortSignal.timeout(LONGEST_MS);
  try {
    const answer = await fetch(new URL(path, document.baseURI), {
      method,
      headers: { accept: JSON_API, ...(body !== undefined && { "content-type": JSON_API }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: abort ? AbortSignal.any([abort, limit]) : limit,
    });
    const text = await answer.text();
    const content = text === "" ? undefined : JSON.parse(text);
    if (!answer.ok) throw new RequestFailed(content?.errors ?? []);
    return content as Answer;
  } catch (error) {
    throw error instanceof RequestFailed ? error : new RequestFailed([], error);
  }
}
