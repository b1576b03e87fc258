// Fields are dragged between the pools and the wells; the new question is an address that is fetched.
import Sortable from "sortablejs";

const root = () => document.getElementById("explorer");
const names = (well) => [...well.querySelectorAll(":scope > [data-name]:not([data-fixed])")].map((one) => one.dataset.name);

function go(changes, push = true) {
  const address = new URLSearchParams(root().dataset.address);
  keep();
  for (const [name, value] of Object.entries(changes)) address.set(name, value);
  const url = `${location.pathname}?${address}`;
  window.htmx.ajax("GET", url, { target: "#explorer", swap: "outerHTML", ...(push ? { push: "true" } : {}) });
}

// What was dropped where is read off the wells; a dimension stands on one side only.
function dropped({ item, from, to }) {
  const name = item.dataset.name;
  if (to.dataset.well === "filters") return go({ open: name }, false);
  const changes = {};
  for (const well of root().querySelectorAll("[data-well]:not([data-well=filters])")) {
    const kept = names(well).filter((one, index, all) => all.indexOf(one) === index && (well === to || one !== name || !from.dataset.well));
    changes[well.dataset.well] = (well === to || well.dataset.well === "measures" ? kept : kept.filter((one) => one !== name)).join(",");
  }
  if (!changes.measures && !root().dataset.address.includes("formulas=")) return go({});
  go(changes);
}

function ready() {
  const here = root();
  if (!here || here.dataset.ready) return;
  here.dataset.ready = "";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const common = { animation: still ? 0 : 120, sort: true, filter: "[data-fixed]", preventOnFilter: false, delay: 150, delayOnTouchOnly: true, onEnd: (event) => (event.from !== event.to || event.oldIndex !== event.newIndex) && event.to.dataset.well !== undefined ? dropped(event) : event.from.dataset.well && event.to !== event.from ? dropped(event) : undefined };
  for (const pool of here.querySelectorAll("[data-pool] > ul")) {
    const kind = pool.parentElement.dataset.pool;
    Sortable.create(pool, { ...common, sort: false, group: { name: kind, pull: "clone", put: true }, filter: ".off" });
  }
  for (const well of here.querySelectorAll("[data-well]")) {
    const kind = well.dataset.well === "measures" ? "measures" : "dimensions";
    Sortable.create(well, { ...common, group: { name: kind, pull: true, put: true } });
  }
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-narrow]")) return;
  const wanted = target.value.trim().toLowerCase();
  for (const line of target.form.querySelectorAll(".scroll .check")) line.hidden = !line.textContent.toLowerCase().includes(wanted);
});
// A pressed figure or sign is written where the formula is being typed.
let typing;
document.addEventListener("focusin", ({ target }) => { if (target.name === "formula_text") typing = target; });
function insert(button) {
  const fields = [...button.form.querySelectorAll("[name=formula_text]")];
  const field = fields.includes(typing) ? typing : fields.at(-1);
  const { value, selectionStart, selectionEnd } = field;
  const before = value.slice(0, selectionStart).trimEnd();
  const text = `${before}${before ? " " : ""}${button.dataset.insert} `;
  field.value = text + value.slice(selectionEnd).trimStart();
  field.focus();
  field.setSelectionRange(text.length, text.length);
}
document.addEventListener("submit", ({ target }) => {
  const but = target.querySelector?.("[data-without]");
  if (but?.checked) for (const box of target.querySelectorAll(`[name="${but.dataset.without}"]`)) box.name += "!";
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-insert]")) insert(target.closest("[data-insert]"));
  if (target.closest?.("[data-copy-address]")) navigator.clipboard?.writeText(`${location.origin}${location.pathname}?${root().dataset.address}`);
  // what surrounds the figures: they are exchanged with every step, and the screen stays whole
  if (target.closest?.("[data-full]")) root()?.parentElement.requestFullscreen?.();
});
// On a narrow screen the fields are in a sheet: it stays while fields are chosen one after another.
const sheet = () => document.getElementById("cube-sheet");
let kept = null;
function keep() {
  kept = sheet()?.matches(":popover-open") ? sheet().scrollTop : null;
}
function reopen() {
  if (kept === null || !sheet() || sheet().matches(":popover-open")) return;
  sheet().showPopover();
  sheet().scrollTop = kept;
  kept = null;
}
document.addEventListener("click", ({ target }) => { if (target.closest?.(".cube-fields a[hx-get], .cube-wells a[hx-get]")) keep(); }, true);
ready();
document.addEventListener("htmx:after:settle", () => {
  ready();
  reopen();
});
