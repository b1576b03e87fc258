// The rule as the builder holds it: groups with parts and exceptions, and tests; JSON in, JSON out.
let last = 0;
const named = (node) => ({ id: `n${++last}`, not: false, ...node });
export const group = (parts = [], op = "all") => named({ kind: "group", op, parts, less: null });
export const test = (json) => named({ kind: "test", json });

export const KINDS = ["everyone", "attribute", "count", "sum", "distinct", "last", "first", "latest", "sequence", "sample", "list", "score", "segment"];
export const AGGREGATES = ["count", "sum", "distinct", "last", "first", "latest"];
export const kindOf = (json) => KINDS.find((kind) => kind in json);

export function fromJson(json) {
  if ("all" in json) return group(json.all.map(fromJson), "all");
  if ("any" in json) return group(json.any.map(fromJson), "any");
  if ("not" in json) {
    const inside = fromJson(json.not);
    return inside.not ? { ...group([inside]), not: true } : { ...inside, not: true };
  }
  if ("minus" in json) {
    const [whole, less] = json.minus.map(fromJson);
    const held = whole.kind === "group" && !whole.less && !whole.not ? whole : group([whole]);
    held.less = less.kind === "group" && !less.not && !less.less ? less : group([less]);
    return held;
  }
  return test(structuredClone(json));
}

// The JSON of a node; places notes which node stands at which path, so that mistakes find their row.
const says = (node) => node.kind !== "group" || node.parts.some(says);

export function toJson(node, path = [], places = new Map()) {
  const here = node.not ? [...path, "not"] : path;
  const less = node.less && says(node.less);
  const inner = less ? [...here, "minus", 0] : here;
  places.set(path.join("/"), node.id);
  places.set(here.join("/"), node.id);
  places.set(inner.join("/"), node.id);
  let json;
  if (node.kind === "group") {
    // a group that nothing was put into yet says nothing
    const parts = node.parts.filter(says);
    json = { [parts.length ? node.op : "all"]: parts.map((part, index) => toJson(part, [...inner, node.op, index], places)) };
    if (less) json = { minus: [json, toJson(node.less, [...here, "minus", 1], places)] };
  } else json = structuredClone(node.json);
  return node.not ? { not: json } : json;
}

export function find(node, id, above = null) {
  if (node.id === id) return { node, above };
  for (const part of [...(node.parts ?? []), ...(node.less ? [node.less] : [])]) {
    const found = find(part, id, node);
    if (found) return found;
  }
  return null;
}

export function remove(root, id) {
  const { node, above } = find(root, id) ?? {};
  if (!above) return;
  if (above.less === node) above.less = null;
  else above.parts = above.parts.filter((part) => part !== node);
}

// Numbers anew, so that a copy is a node of its own.
export function copyOf(node) {
  const made = named({ ...structuredClone(node) });
  made.not = node.not;
  made.id = `n${++last}`;
  if (made.parts) made.parts = node.parts.map(copyOf);
  if (made.less) made.less = copyOf(node.less);
  return made;
}

export function move(root, id, step) {
  const { node, above } = find(root, id) ?? {};
  if (!above || above.less === node) return;
  const at = above.parts.indexOf(node);
  const to = at + step;
  if (to < 0 || to >= above.parts.length) return;
  above.parts.splice(at, 1);
  above.parts.splice(to, 0, node);
}
