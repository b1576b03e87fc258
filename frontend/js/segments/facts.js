// Facts that count: which, in what time, under which conditions; and what is asked of them.
import { day, make, number, picker, quiet, select, word } from "./elements.js";
import { AGGREGATES } from "./model.js";
import { range, testOf } from "./values.js";

export const factOf = (state, name) => state.catalogue.facts.find((fact) => fact.name === name) ?? { label: name, columns: [] };
const NUMBERS = ["count", "real", "money", "number"];

// Amounts are added up in one currency: the one that is most used, until another is chosen.
export function inOneCurrency(facts, state) {
  const { columns } = factOf(state, facts.of);
  const money = columns.find((column) => column.name === facts.column)?.type === "money";
  if (!money || !columns.some((column) => column.name === "currency")) return facts;
  if (!facts.where?.some((where) => where.column === "currency")) (facts.where ??= []).push({ column: "currency", is: [state.catalogue.currency] });
  return facts;
}

export function behaviour(node, kind, state) {
  const { json, id } = node;
  const facts = json[kind];
  const fact = factOf(state, facts.of);
  const turn = (chosen) => {
    if (chosen === kind) return;
    const held = { ...facts };
    if (!["sum", "distinct", "latest"].includes(chosen)) delete held.column;
    else {
      const fits = fact.columns.filter((column) => chosen !== "sum" || NUMBERS.includes(column.type));
      if (!fits.some((column) => column.name === held.column)) held.column = fits[0]?.name;
    }
    if (chosen === "sum") inOneCurrency(held, state);
    const kept = kind === "latest" || chosen === "latest" ? {} : { from: json.from, to: json.to };
    node.json = { [chosen]: held, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) };
    state.structure(`${id}-aggregate`);
  };
  const asks = AGGREGATES.filter((one) => one !== "sum" || fact.columns.some((column) => NUMBERS.includes(column.type)));
  const line = [
    make("b", { className: "rule-what" }, fact.label),
    select(`${id}-aggregate`, word("what_of_them"), asks.map((one) => [one, word(`ask_${one}`)]), kind, turn),
  ];
  if (["sum", "distinct", "latest"].includes(kind)) {
    const fits = fact.columns.filter((column) => kind !== "sum" || NUMBERS.includes(column.type));
    line.push(select(`${id}-column`, word("column"), fits.map((column) => [column.name, column.label]), facts.column, (chosen) => {
      facts.column = chosen;
      if (kind === "sum") inOneCurrency(facts, state);
      if (kind === "latest") ["from", "to", "is", "below", "known"].forEach((name) => delete json[name]);
      state.structure(`${id}-column`);
    }));
  }
  if (kind === "latest") {
    const column = fact.columns.find((one) => one.name === facts.column);
    if (column) line.push(...testOf(`${id}-v`, json, column, `${facts.of}.${column.name}`, state));
  } else line.push(...range(`${id}-r`, json, "number", state, { count: word("times"), last: word("days_ago"), first: word("days_ago") }[kind]));
  return [make("div", { className: "rule-line" }, line), ...factsOf(`${id}-f`, facts, state)];
}

export function factsOf(id, facts, state) {
  return [make("div", { className: "rule-line rule-sub" }, window_(id, facts, state), conditionAdder(id, facts, state)), ...conditions(id, facts, state)];
}

function window_(id, facts, state) {
  const mode = facts.days !== undefined ? "days" : facts.start || facts.end || facts.$fixed ? "fixed" : "ever";
  const turn = (chosen) => {
    delete facts.days;
    delete facts.start;
    delete facts.end;
    Object.defineProperty(facts, "$fixed", { value: chosen === "fixed", enumerable: false, configurable: true, writable: true });
    if (chosen === "days") facts.days = 365;
    state.structure(`${id}-window`);
  };
  const put = (name) => (value) => {
    if (value === null) delete facts[name];
    else facts[name] = value;
    state.changed();
  };
  const parts = [select(`${id}-window`, word("when"), [["ever", word("ever")], ["days", word("last_days")], ["fixed", word("fixed_days")]], mode, turn)];
  if (mode === "days") parts.push(number(`${id}-days`, word("days"), facts.days, put("days"), { min: 1, step: 1 }), make("span", { className: "muted small" }, word("days")));
  if (mode === "fixed") parts.push(day(`${id}-start`, word("since"), facts.start, put("start")), make("span", { className: "muted" }, "–"), day(`${id}-end`, word("until"), facts.end, put("end")));
  return parts;
}

function conditionAdder(id, facts, state) {
  const fact = factOf(state, facts.of);
  return picker(`${id}-where`, word("add_condition"), fact.columns.map((column) => [column.name, column.label, column.meaning, column.also]), (chosen) => {
    const at = (facts.where ??= []).push({ column: chosen }) - 1;
    state.structure(`${id}-w${at}-find`, `${id}-w${at}-from`, `${id}-w${at}-flag`);
  }, { className: "rule-add-condition" });
}

function conditions(id, facts, state) {
  const fact = factOf(state, facts.of);
  return (facts.where ?? []).map((where, at) => {
    const column = fact.columns.find((one) => one.name === where.column) ?? { label: where.column, type: "text", choices: [] };
    return make("div", { className: "rule-line rule-sub" },
      make("span", { className: "rule-column" }, column.label),
      testOf(`${id}-w${at}`, where, column, `${facts.of}.${column.name}`, state),
      quiet(`${id}-w${at}-off`, "x", `${word("remove")}: ${column.label}`, () => {
        facts.where.splice(at, 1);
        if (!facts.where.length) delete facts.where;
        state.structure(`${id}-where`);
      }));
  });
}

export function sequence(node, state) {
  const inside = node.json.sequence;
  const choose = (side) => select(`${node.id}-${side}-of`, word(side), state.catalogue.facts.map((fact) => [fact.name, fact.label]), inside[side].of, (chosen) => {
    inside[side] = { of: chosen };
    state.structure(`${node.id}-${side}-of`);
  });
  return [
    make("div", { className: "rule-line" }, make("b", { className: "rule-what" }, word("first")), choose("first")),
    ...factsOf(`${node.id}-a`, inside.first, state),
    make("div", { className: "rule-line" },
      make("b", { className: "rule-what" }, word("then")),
      select(`${node.id}-absent`, word("then"), [[false, word("followed")], [true, word("not_followed")]], Boolean(inside.absent), (chosen) => {
        inside.absent = chosen === "true";
        state.changed();
      }),
      choose("then"),
      number(`${node.id}-days`, word("within"), inside.days, (value) => {
        inside.days = value;
        state.changed();
      }, { min: 0, step: 1 }),
      make("span", { className: "muted small" }, word("within_days"))),
    ...factsOf(`${node.id}-b`, inside.then, state),
  ];
}
