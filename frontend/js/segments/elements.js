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

// One of many, searched by words or by arrows: options as of `select`, `more` for what they mean.
export function picker(id, label, options, chosen, { className = "", key = null } = {}) {
  const lines = options.flatMap((one) => (Array.isArray(one) ? [{ key: one[0], text: one[1], hint: one[2] }] : one.options.map(([value, text, hint]) => ({ key: value, text, hint, group: one.label }))));
  const fits = (words) => {
    const wanted = words.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    return lines.filter((one) => wanted.every((part) => `${one.text} ${one.group ?? ""} ${one.key}`.toLowerCase().includes(part)));
  };
  const input = make("input", { id, type: "text", className: `input rule-add ${className}`, autocomplete: "off", spellcheck: false, placeholder: `+ ${label}`, "aria-label": label, "data-key": key, "data-key-label": key && label });
  const box = make("span", { className: "combobox rule-picker", "data-combobox": "", "data-none": word("nothing_fits") }, input, make("input", { type: "hidden", "data-chosen": true }), icon("chevrons-up-down"), make("span", { className: "combobox-list", id: `${id}-list`, hidden: true }));
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
