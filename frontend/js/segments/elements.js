// Small makers of elements; every control has an id that outlives a new drawing, so that focus stays.
export const page = {
  words: {},
  icons: "",
};
export const word = (key) => page.words[key] ?? key;

export function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && !["list", "role", "type", "form"].includes(name)) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon-14");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${page.icons}#${name}`);
  svg.append(use);
  return svg;
}

export const quiet = (id, name, label, onclick, more = {}) =>
  make("button", { id, type: "button", className: "button button-quiet button-icon button-small", title: label, "aria-label": label, onclick, ...more }, icon(name));

// options: [value, label] or {label, options} for a heading.
export function select(id, label, options, value, change, more = {}) {
  const option = ([key, text]) => make("option", { value: key, selected: String(key) === String(value) }, text);
  const inside = options.map((one) => (Array.isArray(one) ? option(one) : make("optgroup", { label: one.label }, one.options.map(option))));
  return make("select", { id, className: "input", "aria-label": label, onchange: ({ target }) => change(target.value), ...more }, inside);
}

const wordsOf = (text) => text.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);

// Korean words are found inside others; Latin ones by their beginning: "age" is no "language".
const holds = (text, part) => (/^[a-z]/.test(part) ? text.split(/[^\p{L}\p{N}]+/u).some((one) => one.startsWith(part)) : text.includes(part));

// How well a line fits: 0 by its name's beginning, 1 by its name, 2 by other words for it; null not at all.
function rank(one, wanted) {
  const name = one.text.toLowerCase();
  const later = one.sought ? 1 : 0;
  if (wanted.every((part) => holds(name, part))) return later + (name.startsWith(wanted[0]) ? 0 : 1);
  const all = `${name} ${one.also ?? ""} ${one.group ?? ""} ${one.key}`.toLowerCase();
  return wanted.every((part) => holds(all, part)) ? 2 + later : null;
}

// Those that fit under their headings, the best heading and the best line first.
function fitting(lines, words, most = 40) {
  const wanted = wordsOf(words);
  if (!wanted.length) return lines.filter((one) => !one.sought);
  const ranked = lines.map((one) => ({ one, rank: rank(one, wanted) })).filter((found) => found.rank !== null);
  const best = new Map();
  for (const { one, rank: of } of ranked) best.set(one.group, Math.min(of, best.get(one.group) ?? of));
  const groups = [...best.keys()];
  ranked.sort((a, b) => best.get(a.one.group) - best.get(b.one.group) || groups.indexOf(a.one.group) - groups.indexOf(b.one.group) || a.rank - b.rank);
  return ranked.slice(0, most).map((found) => found.one);
}

// One of many, searched by words or by arrows. A line is [key, text, hint, other words]; those of a
// group that is `sought` show only once something is typed.
export function picker(id, label, options, chosen, { className = "", key = null } = {}) {
  const line = ([value, text, hint, also], group, sought) => ({ key: value, text, hint, also, group, sought });
  const lines = options.flatMap((one) => (Array.isArray(one) ? [line(one)] : one.options.map((inside) => line(inside, one.label, one.sought))));
  const fits = (words) => fitting(lines, words);
  const input = make("input", { id, type: "text", className: `input rule-add ${className}`, autocomplete: "off", spellcheck: false, placeholder: `+ ${label}`, "aria-label": label, "data-key": key, "data-key-label": key && label });
  const box = make("span", { className: "combobox rule-picker", "data-combobox": "", "data-clears": true, "data-none": word("nothing_fits") }, input, make("input", { type: "hidden", "data-chosen": true }), icon("chevrons-up-down"), make("span", { className: "combobox-list", id: `${id}-list`, hidden: true }));
  box.offers = fits;
  input.addEventListener("dangol:chosen", ({ detail }) => {
    input.value = "";
    chosen(detail);
  });
  input.addEventListener("blur", () => (input.value = ""));
  return box;
}

export const number = (id, label, value, change, more = {}) =>
  make("input", { id, className: "input number", type: "number", step: "any", "aria-label": label, value: value ?? "", oninput: ({ target }) => change(target.value === "" ? null : Number(target.value)), ...more });

export const day = (id, label, value, change) =>
  make("input", { id, className: "input", type: "date", "aria-label": label, value: value ?? "", oninput: ({ target }) => change(target.value || null) });
