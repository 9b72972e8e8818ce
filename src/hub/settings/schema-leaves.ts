import { z } from "zod";

/** One value that a schema asks for: what a form shows as a field and an environment variable can set. */
export interface Leaf {
  readonly path: readonly string[];
  /** `json`: a list, or more than one type. */
  readonly type: "string" | "number" | "boolean" | "json";
  /** Never shown: not in a log, an answer or a diagnostics file. Declared by `.meta({ secret: true })`. */
  readonly secret: boolean;
}

type Node = z.core.JSONSchema.BaseSchema;

/** The leaves of a schema. Where it is a union, those of every option. */
export function leavesOf(schema: z.ZodType): readonly Leaf[] {
  const leaves = new Map<string, Leaf>();
  collect(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), [], leaves);
  return [...leaves.values()];
}

function collect(node: Node, path: readonly string[], leaves: Map<string, Leaf>): void {
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].filter(isNode);
  if (node.properties || options.some((option) => option.properties)) {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (isNode(child)) collect(child, [...path, key], leaves);
    }
    for (const option of options) collect(option, path, leaves);
  } else if (path.length > 0) {
    const key = path.join(".");
    const secret = [node, ...options].some(isSecret) || leaves.get(key)?.secret === true;
    leaves.set(key, { path, type: typeOf(node, options), secret });
  }
}

function typeOf(node: Node, options: readonly Node[]): Leaf["type"] {
  const types = new Set(
    [node, ...options].flatMap((option) => (option.type && option.type !== "null" ? [option.type] : [])),
  );
  const [type] = types;
  if (types.size !== 1) return "json";
  if (type === "integer") return "number";
  return type === "string" || type === "number" || type === "boolean" ? type : "json";
}

const isSecret = ({ secret }: Node): boolean => secret === true;

const isNode = (node: z.core.JSONSchema._JSONSchema): node is Node => typeof node === "object";
