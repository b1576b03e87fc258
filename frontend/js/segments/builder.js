// The builder: the rule at the left, its sentence above, its count and profile at the right, all alive.
import { copyOf, find, fromJson, move, remove, toJson } from "./model.js";
import { page } from "./elements.js";
import { asked } from "./asking.js";
import { drawGroup } from "./tree.js";

const form = document.querySelector("[data-builder]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
page.words = read("segment-words");
page.icons = form.dataset.icons;

const tree = form.querySelector("[data-tree]");
const text = form.querySelector("[name=rule]");
const back = document.querySelector("[data-undo]");
const forth = document.querySelector("[data-redo]");
const past = [];
const future = [];
let now = "";
let settle;

const state = {
  root: asGroup(fromJson(read("segment-rule"))),
  names: read("segment-names"),
  catalogue: read("segment-catalogue"),
  foundUrl: form.dataset.foundUrl,
  places: new Map(),
  changed,
  structure(...focus) {
    draw(focus);
    changed();
    remember();
  },
  copy(id) {
    const { node, above } = find(state.root, id);
    const made = copyOf(node);
    above.parts.splice(above.parts.indexOf(node) + 1, 0, made);
    state.structure(`${made.id}-copy`);
  },
  remove(id) {
    const { above } = find(state.root, id);
    remove(state.root, id);
    state.structure(`${above.id}-add`);
  },
};

function asGroup(node) {
  if (node.kind === "group" && !node.not) return node;
  const made = fromJson({ all: [] });
  made.parts.push(node);
  return made;
}

function draw(focus = []) {
  const held = document.activeElement?.id;
  tree.replaceChildren(drawGroup(state.root, state, { root: true }));
  for (const id of [...focus, held]) {
    const elt = id && document.getElementById(id);
    if (elt && tree.contains(elt)) return elt.focus();
  }
}

// What stands in the field is what is saved; each choice is a step of undo, and so is a pause in typing.
function changed() {
  state.places = new Map();
  const json = toJson(state.root, [], state.places);
  text.value = JSON.stringify(json);
  clearTimeout(settle);
  settle = setTimeout(remember, 400);
  live();
}

function remember() {
  clearTimeout(settle);
  const next = JSON.stringify(state.root);
  if (next === now) return;
  if (now) past.push(now);
  if (past.length > 200) past.shift();
  future.length = 0;
  now = next;
  marks();
}

function marks() {
  back.disabled = !past.length && JSON.stringify(state.root) === now;
  forth.disabled = !future.length;
}

function step(from, to) {
  clearTimeout(settle);
  if (from === past) remember();
  if (!from.length) return;
  to.push(now);
  now = from.pop();
  state.root = JSON.parse(now);
  draw();
  state.places = new Map();
  text.value = JSON.stringify(toJson(state.root, [], state.places));
  marks();
  live();
}

const live = asked(form, state, () => text.value);
back.addEventListener("click", () => step(past, future));
forth.addEventListener("click", () => step(future, past));
form.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input[type=text], textarea");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
    event.preventDefault();
    event.shiftKey ? step(future, past) : step(past, future);
  }
  const row = event.target.closest(".rule-test, .rule-group");
  if (event.altKey && row && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    move(state.root, row.id, event.key === "ArrowUp" ? -1 : 1);
    state.structure();
  }
});
// Enter in a value must not save the whole; Ctrl-Enter does, with the value that was just typed.
tree.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  if (event.ctrlKey || event.metaKey) event.target.blur();
  else event.preventDefault();
});
// Somebody who writes JSON by hand sees it drawn.
text.addEventListener("change", () => {
  try {
    state.root = asGroup(fromJson(JSON.parse(text.value)));
    state.structure();
  } catch {
    text.setAttribute("aria-invalid", "true");
    return;
  }
  text.removeAttribute("aria-invalid");
});
form.addEventListener("change", ({ target }) => target.name?.startsWith("place") && live());
form.addEventListener("dangol:chosen", ({ target }) => target.name === "place" && live());

draw();
changed();
remember();
