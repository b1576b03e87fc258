// The rule as rows in groups.
import { icon, make, number, picker, quiet, select, word } from "./elements.js";
import { behaviour, inOneCurrency, sequence } from "./facts.js";
import { AGGREGATES, group, kindOf, test } from "./model.js";
import { finder, testOf } from "./values.js";

export function drawGroup(node, state, { root = false, less = false } = {}) {
  const join = select(`${node.id}-op`, word("joined_by"), [["all", word("all_of")], ["any", word("any_of")]], node.op, (chosen) => {
    node.op = chosen;
    state.structure(`${node.id}-op`);
  });
  const between = node.op === "all" ? word("and") : word("or");
  const parts = node.parts.flatMap((part, at) => [at ? make("li", { className: "rule-between", "aria-hidden": "true" }, between) : null, make("li", {}, part.kind === "group" ? drawGroup(part, state) : drawTest(part, state))]);
  const head = make("div", { className: "rule-head" }, less ? make("b", { className: "rule-what" }, word("except_who")) : null, join, make("span", { className: "rule-tools" }, root ? null : tools(node, state, less)));
  const foot = make("div", { className: "rule-foot" }, adder(node, state), node.less || less ? null : make("button", { id: `${node.id}-except`, type: "button", className: "button button-quiet button-small", onclick: () => {
    node.less = group([], "any");
    state.structure(`${node.less.id}-add`);
  } }, icon("minus"), make("span", {}, word("except"))));
  return make("section", { id: node.id, className: `rule-group${node.not ? " rule-not" : ""}${less ? " rule-less" : ""}`, "aria-label": less ? word("except_who") : word("group") },
    head, node.parts.length ? make("ol", { className: "plain-list" }, parts) : make("p", { className: "help" }, root ? word("everybody_so_far") : word("empty_group")), foot, problem(node), node.less ? drawGroup(node.less, state, { less: true }) : null);
}

const problem = (node) => make("p", { className: "rule-problem", "data-problem": node.id, role: "status", hidden: true });

function tools(node, state, less = false) {
  const negated = make("button", { id: `${node.id}-not`, type: "button", className: "button button-quiet button-small rule-negate", "aria-pressed": String(node.not), title: word("not_help"), onclick: () => {
    node.not = !node.not;
    state.structure(`${node.id}-not`);
  } }, word("not"));
  return [
    less ? null : negated,
    less ? null : quiet(`${node.id}-copy`, "copy", word("copy"), () => state.copy(node.id)),
    quiet(`${node.id}-off`, "trash-2", word("remove"), () => state.remove(node.id)),
  ];
}

// One field offers everything: by words, by arrows, by touch.
function adder(node, state) {
  const { attributes, facts, scores } = state.catalogue;
  const groups = new Map();
  for (const score of scores) (groups.get(score.group || word("scores")) ?? groups.set(score.group || word("scores"), []).get(score.group || word("scores"))).push([`score:${score.name}`, score.label, null, score.also]);
  const options = [
    { label: word("attributes"), options: attributes.map((one) => [`attribute:${one.name}`, one.label, null, one.also]) },
    { label: word("facts"), options: facts.map((one) => [`count:${one.name}`, one.label, null, one.also]) },
    { label: word("in_detail"), sought: true, options: facts.flatMap(inDetail) },
    ...[...groups].map(([label, inside]) => ({ label, options: inside })),
    { label: word("more"), options: [["sequence", word("sequence")], ["segment", word("other_segment")], ["list", word("uploaded_list")], ["sample", word("sample")], ["group", word("group")]] },
  ];
  return picker(`${node.id}-add`, word("add"), options, (chosen) => {
    const made = begun(chosen, state);
    node.parts.push(made);
    const first = chosen.startsWith("where:") ? ["f-w0-find", "f-w0-from", "f-w0-flag"] : [];
    state.structure(...first.map((part) => `${made.id}-${part}`), `${made.id}-find`, `${made.id}-v-find`, `${made.id}-v-from`, `${made.id}-r-from`, `${made.id}-from`, `${made.id}-flag`, `${made.id}-add`, `${made.id}-days`);
  }, { key: node === state.root ? "n" : null });
}

// What can be asked of a kind of facts, as a search finds it: the last of them, and each column in its way.
const wayOf = (column) => ({ money: "sum", number: "sum", count: "latest", real: "latest" })[column.type] ?? "where";
const inDetail = (fact) => [
  [`last:${fact.name}`, `${fact.label} · ${word("last_one")}`, word("days_ago"), `${fact.also} ${word("last_words")}`],
  ...fact.columns.map((column) => {
    const way = wayOf(column);
    return [`${way}:${fact.name}.${column.name}`, `${fact.label} · ${column.label}`, way === "where" ? word("add_condition") : word(`ask_${way}`), column.also];
  }),
];

function begun(chosen, state) {
  const [kind, name] = chosen.split(/:(.*)/);
  const [of, column] = name?.split(".") ?? [];
  switch (kind) {
    case "last": return test({ last: { of }, from: 90 });
    case "sum": return test({ sum: inOneCurrency({ of, column, days: 365 }, state) });
    case "latest": return test({ latest: { of, column } });
    case "where": return test({ count: { of, days: 365, where: [{ column }] }, from: 1 });
    case "group": return group([], "any");
    case "count": return test({ count: { of: name, days: 365 }, from: 1 });
    case "sequence": {
      const { facts } = state.catalogue;
      const first = facts.find((fact) => fact.name === "transactions") ?? facts[0];
      return test({ sequence: { first: { of: first.name, days: 365 }, then: { of: first.name }, days: 30, absent: true } });
    }
    case "sample": return test({ sample: { percent: 10, salt: 0 } });
    case "segment": return test({ segment: "" });
    case "list": return test({ list: "" });
    default: return test({ [kind]: name });
  }
}

function drawTest(node, state) {
  const kind = kindOf(node.json) ?? "everyone";
  const lines = AGGREGATES.includes(kind) ? behaviour(node, kind, state) : kind === "sequence" ? sequence(node, state) : [make("div", { className: "rule-line" }, single(node, kind, state))];
  return make("section", { id: node.id, className: `rule-test${node.not ? " rule-not" : ""}` }, make("div", { className: "rule-tools" }, tools(node, state)), ...lines, problem(node));
}

function single(node, kind, state) {
  const { json, id } = node;
  switch (kind) {
    case "attribute": {
      const column = state.catalogue.attributes.find((one) => one.name === json.attribute) ?? { label: json.attribute, type: "text" };
      return [make("b", { className: "rule-what" }, column.label), ...testOf(id, json, column, `customers.${json.attribute}`, state)];
    }
    case "score": {
      const score = state.catalogue.scores.find((one) => one.name === json.score) ?? { label: json.score, type: "real", choices: [] };
      return [make("b", { className: "rule-what" }, score.label), ...testOf(id, json, score, `score.${json.score}`, state), make("span", { className: "muted small" }, score.unit ?? "")];
    }
    case "segment": return chosen(node, "segment", "segments", word("in_segment"), state);
    case "list": return chosen(node, "list", "lists", word("in_list"), state);
    case "sample": {
      const put = (name) => (value) => {
        json.sample[name] = value;
        state.changed();
      };
      return [make("b", { className: "rule-what" }, word("sample")), number(`${id}-from`, word("percent"), json.sample.percent, put("percent"), { min: 0, max: 100 }), make("span", { className: "muted" }, "%"), make("span", { className: "muted small" }, word("draw")), number(`${id}-salt`, word("draw"), json.sample.salt, put("salt"), { min: 0, max: 9999, step: 1 })];
    }
  }
  return [make("b", { className: "rule-what" }, word("everyone"))];
}

function chosen(node, kind, of, label, state) {
  const { json, id } = node;
  const key = json[kind];
  const shown = key ? make("span", { className: "rule-chip" }, make("span", { className: "cut" }, state.names[key] ?? key)) : null;
  return [make("b", { className: "rule-what" }, label), shown, finder(id, label, of, state, (picked, text) => {
    state.names[picked] = text;
    json[kind] = picked;
    state.structure(`${id}-find`);
  })];
}
