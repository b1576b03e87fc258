// Choosing rows for a bulk action; the bar appears with the count.
const list = (elt) => elt.closest("[data-list]");
const box = (row) => row.querySelector("input[data-pick]");
let last;

export function pick(row, through = false) {
  const tick = box(row);
  if (!tick) return;
  tick.checked = !tick.checked;
  changed(tick, through);
}

function changed(tick, through) {
  const root = list(tick);
  const ticks = [...root.querySelectorAll("input[data-pick]")];
  if (through && last && ticks.includes(last)) {
    const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
    ticks.slice(from, to + 1).forEach((other) => (other.checked = tick.checked));
  }
  last = tick;
  show(root);
}

function show(root) {
  const ticks = [...root.querySelectorAll("input[data-pick]")];
  const picked = ticks.filter((tick) => tick.checked);
  ticks.forEach((tick) => tick.closest("tr").setAttribute("aria-selected", String(tick.checked)));
  root.classList.toggle("picking", picked.length > 0);
  const all = root.querySelector("input[data-pick-all]");
  if (all) {
    all.checked = picked.length > 0 && picked.length === ticks.length;
    all.indeterminate = picked.length > 0 && picked.length < ticks.length;
  }
  const bar = root.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = picked.length === 0;
  const everything = bar.querySelector("input[name=everything]");
  const whole = bar.querySelector("[data-pick-everything]");
  if (whole) whole.hidden = picked.length < ticks.length || everything?.value === "1";
  if (everything && picked.length < ticks.length) everything.value = "";
  if (everything?.value !== "1") bar.querySelector("[data-count]").textContent = picked.length.toLocaleString();
}

let shifted = false;
document.addEventListener("pointerdown", (event) => (shifted = event.shiftKey), true);
document.addEventListener("change", ({ target }) => {
  if (target.matches?.("input[data-pick]")) changed(target, shifted);
  if (target.matches?.("input[data-pick-all]")) {
    list(target).querySelectorAll("input[data-pick]").forEach((tick) => (tick.checked = target.checked));
    show(list(target));
  }
});
document.addEventListener("click", ({ target }) => {
  const whole = target.closest?.("[data-pick-everything]");
  if (whole) {
    const bar = whole.closest("[data-bulk]");
    bar.querySelector("input[name=everything]").value = "1";
    bar.querySelector("[data-count]").textContent = whole.dataset.total;
    whole.hidden = true;
  }
  if (target.closest?.("[data-pick-none]")) {
    const root = list(target);
    root.querySelectorAll("input[data-pick]").forEach((tick) => (tick.checked = false));
    const everything = root.querySelector("[data-bulk] input[name=everything]");
    if (everything) everything.value = "";
    show(root);
  }
});
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-list]").forEach(show));
