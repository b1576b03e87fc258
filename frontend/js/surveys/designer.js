// The designer: the questions at the left, the settings of one in the middle, the preview at the right.
import Sortable from "sortablejs";
import { begin } from "./questions.js";
import { drawList } from "./designer_list.js";
import { drawSettings } from "./designer_settings.js";

const root = document.querySelector("[data-designer]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const state = { body: read("survey-body"), items: read("survey-items"), chosen: 0, errors: {}, revision: Number(root.dataset.revision), editable: root.dataset.editable === "1" };
const list = root.querySelector("[data-question-list]");
const mark = root.querySelector("[data-save-mark]");

const headers = () => ({ "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="dangol-csrf"]').content, "HX-Request": "true" });
const post = (url) => fetch(url, { method: "POST", headers: headers(), credentials: "same-origin", body: JSON.stringify({ body: state.body, revision: state.revision }) });

function draw() {
  drawList(list, state, { choose, move, remove });
  drawSettings(root.querySelector("[data-settings]"), state, changed);
}

function choose(index) {
  state.chosen = index;
  draw();
}

function move(from, to) {
  if (!state.editable || to < 0 || to >= state.body.length) return;
  const [one] = state.body.splice(from, 1);
  state.body.splice(to, 0, one);
  state.chosen = to;
  changed();
  draw();
  list.children[to]?.querySelector("button")?.focus();
}

function remove(index) {
  state.body.splice(index, 1);
  state.chosen = Math.max(0, Math.min(index, state.body.length - 1));
  changed();
  draw();
}

const NEW = {
  scale: () => ({ scale: { low: 1, high: 5, labels: {} }, required: true }),
  nps: () => ({ item: "nps", scale: { labels: {} } }),
  choice: () => ({ options: [{ value: "a", text: { ko: "가" } }, { value: "b", text: { ko: "나" } }] }),
  multi: () => ({ options: [{ value: "a", text: { ko: "가" } }, { value: "b", text: { ko: "나" } }] }),
  matrix: () => ({ scale: { low: 1, high: 5, labels: {} }, rows: [{ key: "a", text: { ko: "가" } }] }),
};

function add(type, text) {
  const keys = new Set(state.body.map((one) => one.key));
  let number = state.body.length + 1;
  while (keys.has(`q${number}`)) number += 1;
  state.body.push({ key: `q${number}`, type, text: { ko: text }, ...(NEW[type]?.() ?? {}) });
  state.chosen = state.body.length - 1;
  changed();
  draw();
  root.querySelector("[data-settings] [data-path='text.ko']")?.select();
}

let timer;
function changed() {
  if (!state.editable) return;
  clearTimeout(timer);
  mark.textContent = "";
  timer = setTimeout(save, 500);
  drawList(list, state, { choose, move, remove });
}

async function save() {
  const [kept, shown] = await Promise.all([post(root.dataset.draftUrl), post(root.dataset.previewUrl)]);
  const told = await kept.json().catch(() => ({}));
  state.errors = told.errors ?? {};
  if (kept.ok) state.revision = told.revision;
  const first = Object.values(state.errors).flat()[0];
  mark.textContent = kept.ok ? mark.dataset.kept : (first ?? mark.dataset.lost);
  mark.classList.toggle("bad", !kept.ok);
  if (shown.ok) {
    root.querySelector("[data-preview]").innerHTML = await shown.text();
    begin(root);
  }
  root.querySelector("[data-publish]")?.toggleAttribute("disabled", !kept.ok);
  drawList(list, state, { choose, move, remove });
}

root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-add]");
  if (button) {
    add(button.dataset.add, root.dataset.newText);
    button.closest("details")?.removeAttribute("open");
  }
  const size = target.closest("[data-size]");
  if (size) {
    root.querySelector("[data-preview]").dataset.shownAs = size.dataset.size;
    root.querySelectorAll("[data-size]").forEach((one) => one.setAttribute("aria-pressed", one === size));
  }
});

if (state.editable) {
  Sortable.create(list, { handle: "[data-handle]", animation: 120, onEnd: ({ oldIndex, newIndex, item }) => { item.remove(); move(oldIndex, newIndex); } });
}
draw();
