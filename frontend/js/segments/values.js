// What a value must be: words and places as chips that are searched, numbers and days as ranges.
import { day, icon, make, number, select, word } from "./elements.js";

const ENDS = () => [["from", word("at_least")], ["to", word("at_most")], ["between", word("between")], ["exactly", word("exactly")]];
const clean = (json) => ["known", "is", "below", "from", "to"].forEach((name) => delete json[name]);

export function testOf(id, json, column, of, state) {
  if (column.type === "flag") return [yesNo(id, json, column, state)];
  const words = column.of || column.type === "text";
  const mode = json.known ? "known" : "value";
  const known = select(`${id}-known`, word("comparison"), [["value", words ? word("is") : word("measures")], ["known", word("is_known")]], mode, (chosen) => {
    clean(json);
    if (chosen === "known") json.known = true;
    state.structure(`${id}-known`);
  });
  if (mode === "known") return [known];
  return words ? [known, chips(id, json, column, of, state)] : [known, ...range(id, json, column.type === "day" ? "day" : "number", state)];
}

function yesNo(id, json, column, state) {
  const value = json.known ? "known" : (json.is ?? [""])[0];
  return select(`${id}-flag`, column.label, [["", "–"], [true, word("yes")], [false, word("no")], ["known", word("is_known")]], value, (chosen) => {
    clean(json);
    if (chosen === "known") json.known = true;
    else if (chosen) json.is = [chosen === "true"];
    state.changed();
  });
}

export function range(id, json, type, state, unit = "") {
  const { from, to } = json;
  const mode = json.$mode ?? (from !== undefined && to !== undefined ? (from === to ? "exactly" : "between") : to !== undefined ? "to" : "from");
  Object.defineProperty(json, "$mode", { value: mode, enumerable: false, writable: true, configurable: true });
  const input = type === "day" ? day : number;
  const put = (name) => (value) => {
    if (value === null) delete json[name];
    else json[name] = value;
    if (mode === "exactly") value === null ? delete json.to : (json.to = value);
    state.changed();
  };
  const turn = (chosen) => {
    const value = json.from ?? json.to;
    delete json.from;
    delete json.to;
    json.$mode = chosen;
    if (value !== undefined) {
      if (chosen !== "to") json.from = value;
      if (chosen !== "from" && chosen !== "between") json.to = value;
    }
    state.structure(`${id}-range`);
  };
  const parts = [select(`${id}-range`, word("comparison"), ENDS(), mode, turn)];
  if (mode !== "to") parts.push(input(`${id}-from`, word("at_least"), json.from, put("from")));
  if (mode === "between") parts.push(make("span", { className: "muted" }, "–"));
  if (mode === "to" || mode === "between") parts.push(input(`${id}-to`, word("at_most"), json.to, put("to")));
  if (unit) parts.push(make("span", { className: "muted small nowrap" }, unit));
  return parts;
}

// Chosen values with a search field after them; `of` names what is searched, as "transactions.kind".
export function chips(id, json, column, of, state) {
  const name = column.of ? "below" : "is";
  const labels = new Map((column.choices ?? []).map(([value, label]) => [value, label]));
  const label = (value) => labels.get(value) ?? state.names[value] ?? value;
  const values = json[name] ?? [];
  const chip = (value) =>
    make("span", { className: "rule-chip" }, make("span", { className: "cut" }, label(value)), make("button", {
      type: "button", "aria-label": `${word("remove")}: ${label(value)}`,
      onclick: () => {
        json[name] = values.filter((one) => one !== value);
        if (!json[name].length) delete json[name];
        state.structure(`${id}-find`);
      },
    }, icon("x")));
  return make("span", { className: "rule-chips" }, values.map(chip), finder(id, column.label, of, state, (key, text) => {
    if (!labels.has(key)) state.names[key] = text;
    json[name] = [...new Set([...values, key])];
    state.structure(`${id}-find`);
  }));
}

export function finder(id, label, of, state, chosen) {
  const input = make("input", { id: `${id}-find`, type: "text", className: "input", autocomplete: "off", spellcheck: false, placeholder: word("search"), "aria-label": label });
  const key = make("input", { type: "hidden", "data-chosen": true });
  const box = make("span", { className: "combobox", "data-clears": true, "data-combobox": `${state.foundUrl}?of=${encodeURIComponent(of)}` }, input, key, icon("chevrons-up-down"), make("span", { className: "combobox-list", id: `${id}-list`, hidden: true }));
  input.addEventListener("dangol:chosen", ({ detail }) => chosen(detail, input.value));
  return box;
}
