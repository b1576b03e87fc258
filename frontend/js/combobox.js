// A field that is searched on the server: type, arrows, Enter; without scripts it stays a plain input.
const WAIT = 140;
const parts = (input) => {
  const box = input.closest("[data-combobox]");
  return { box, list: box.querySelector(".combobox-list"), key: box.querySelector("[data-chosen]") };
};
const options = (list) => [...list.querySelectorAll("[data-chosen-key]")];
const inputOf = (target) => (target?.matches?.("[data-combobox] > input[type=text]") ? target : null);
let timer;
let asked = 0;
// The field whose list is not yet that of the words in it.
let behind = null;

function dress(input) {
  const { list } = parts(input);
  if (input.getAttribute("role") === "combobox") return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.innerText ?? input.getAttribute("aria-label") ?? input.name);
}

function close(input) {
  const { list } = parts(input);
  clearTimeout(timer);
  asked += 1;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark(input, option) {
  const { list } = parts(input);
  options(list).forEach((other) => other.setAttribute("aria-selected", String(other === option)));
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `${list.id}-${options(list).indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function open(input, words) {
  const { box, list } = parts(input);
  const turn = ++asked;
  behind = input;
  if (box.offers) {
    behind = null;
    return offer(input, words, box.offers(words));
  }
  const address = new URL(box.dataset.combobox, location.origin);
  address.searchParams.set("q", words);
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (turn !== asked || !answer?.ok) return;
  list.innerHTML = await answer.text();
  if (turn !== asked) return;
  behind = null;
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark(input, words ? options(list)[0] : null);
}

// What the page itself offers (box.offers = (words) => [{ key, text, hint, group }]), under headings.
function offer(input, words, lines) {
  const { box, list } = parts(input);
  const line = (className, role, ...inside) => {
    const made = Object.assign(document.createElement("span"), { className });
    made.setAttribute("role", role);
    made.append(...inside);
    return made;
  };
  const cut = (className, text) => Object.assign(document.createElement("span"), { className, textContent: text });
  list.replaceChildren();
  let group;
  for (const one of lines) {
    if (one.group && one.group !== group) list.append(line("combobox-head", "presentation", one.group));
    group = one.group;
    const item = line("combobox-item", "option", cut("cut", one.text));
    if (one.hint) item.append(cut("hint cut", one.hint));
    Object.assign(item.dataset, { chosenKey: one.key, text: one.text });
    item.setAttribute("aria-selected", "false");
    list.append(item);
  }
  if (!lines.length) list.append(line("combobox-none", "option", box.dataset.none ?? "–"));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark(input, words ? options(list)[0] : null);
}

function choose(input, option) {
  const { key } = parts(input);
  input.value = option.dataset.text;
  key.value = option.dataset.chosenKey;
  close(input);
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if ("go" in input.dataset) return input.form.requestSubmit();
  input.dispatchEvent(new CustomEvent("dangol:chosen", { bubbles: true, detail: key.value }));
}

// A field that only searches: what was typed goes first, the list with everything stays.
function clear(input) {
  input.value = "";
  clearTimeout(timer);
  open(input, "");
}

// Enter in a field that only searches takes the marked line, else the first that fits what was typed.
async function take(input) {
  const { list } = parts(input);
  const words = input.value.trim();
  if (behind === input || list.hidden) {
    clearTimeout(timer);
    await open(input, words);
    if (behind === input || input.value.trim() !== words) return;
  }
  const all = options(list);
  const option = all.find((one) => one.getAttribute("aria-selected") === "true") ?? all[0];
  if (option && !list.hidden) choose(input, option);
}

document.addEventListener("focusin", ({ target }) => inputOf(target) && dress(target));
document.addEventListener("click", ({ target }) => {
  const input = inputOf(target);
  if (input?.getAttribute("aria-expanded") === "false") {
    input.select();
    open(input, "");
  }
});
document.addEventListener("focusout", ({ target }) => inputOf(target) && close(target));
document.addEventListener("input", ({ target }) => {
  const input = inputOf(target);
  if (!input || !input.isConnected) return;
  parts(input).key.value = "";
  behind = input;
  clearTimeout(timer);
  timer = setTimeout(() => open(input, input.value.trim()), WAIT);
});
document.addEventListener("keydown", (event) => {
  const input = inputOf(event.target);
  if (!input || event.isComposing) return;
  const { list } = parts(input);
  const all = options(list);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const shown = !list.hidden;
  if (event.key === "ArrowDown") shown ? mark(input, all[(at + 1) % all.length]) : open(input, "");
  else if (event.key === "ArrowUp" && shown) mark(input, all[(at - 1 + all.length) % all.length]);
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && "clears" in parts(input).box.dataset && input.value.trim()) take(input);
  else if (event.key === "Enter" && shown && at >= 0) choose(input, all[at]);
  else if (event.key === "Escape" && "clears" in parts(input).box.dataset && input.value) clear(input);
  else if (event.key === "Escape" && shown) close(input);
  else return;
  event.preventDefault();
  event.stopPropagation();
});
// The list must not take the focus from the input before the click is counted.
document.addEventListener("pointerdown", (event) => event.target.closest?.(".combobox-list") && event.preventDefault());
document.addEventListener("click", ({ target }) => {
  const option = target.closest?.(".combobox-list [data-chosen-key]");
  if (option) choose(option.closest("[data-combobox]").querySelector("input[type=text]"), option);
});
const all = () => document.querySelectorAll("[data-combobox] > input[type=text]").forEach(dress);
all();
document.addEventListener("htmx:after:settle", all);
