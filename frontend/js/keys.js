// Keys are declared where they act: data-key="n" or data-key="g c" (a sequence). `?` lists them.
const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const visible = (elt) => elt.checkVisibility?.() ?? elt.offsetParent !== null;
const inReach = (elt) => {
  const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
  return !dialog || dialog.contains(elt);
};

let sequence = "";
let forget;

function pressed({ key, ctrlKey, metaKey, altKey }) {
  const name = key === " " ? "space" : key.length === 1 ? key.toLowerCase() : key.toLowerCase();
  return `${ctrlKey || metaKey ? "ctrl+" : ""}${altKey ? "alt+" : ""}${name}`;
}

const find = (key) =>
  [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((elt) => inReach(elt) && (visible(elt) || elt.dataset.keyAlways != null));

function act(elt) {
  if (elt.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) {
    elt.focus();
    elt.select?.();
  } else if (elt.matches("summary") && elt.parentElement.querySelector("form")) {
    elt.parentElement.open = true;
    elt.parentElement.querySelector("form :is(textarea, select, input:not([type=hidden], [type=file]))")?.focus();
  } else elt.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const key = pressed(event);
  const modified = /^(ctrl|alt)\+/.test(key);
  if (typing(event.target) && !modified) return;
  sequence = modified ? key : sequence ? `${sequence} ${key}` : key;
  clearTimeout(forget);
  forget = setTimeout(() => (sequence = ""), 900);
  if (key === "?") return showKeys(event);
  const elt = find(sequence) ?? find(key);
  if (!elt) {
    const starts = document.querySelector(`[data-key^="${CSS.escape(key)} "]`);
    if (!starts) sequence = "";
    return;
  }
  sequence = "";
  event.preventDefault();
  act(elt);
});

function showKeys(event) {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  event?.preventDefault();
  sequence = "";
  const seen = new Map();
  for (const elt of document.querySelectorAll("[data-key]")) {
    const label = elt.dataset.keyLabel || elt.getAttribute("aria-label") || elt.innerText?.trim().split("\n")[0];
    if (label && (visible(elt) || elt.dataset.keyAlways != null || elt.closest(".sidebar"))) seen.set(elt.dataset.key, label);
  }
  dialog.querySelector("[data-keys-here]").replaceChildren(...[...seen].map(([keys, label]) => row(keys, label)));
  dialog.showModal();
}

function row(keys, label) {
  const item = document.createElement("li");
  const text = Object.assign(document.createElement("span"), { className: "cut", textContent: label });
  const caps = Object.assign(document.createElement("span"), { className: "row" });
  for (const key of keys.split(" ")) {
    caps.append(Object.assign(document.createElement("kbd"), { textContent: key.replace("ctrl+", "Ctrl ").replace(/\b[a-z]$/, (c) => c.toUpperCase()) }));
  }
  item.append(text, caps);
  return item;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-show-keys]")) showKeys();
});
