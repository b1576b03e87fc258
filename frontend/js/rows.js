// Rows by keyboard: j/k or arrows move, Enter opens, x picks, e opens beside.
import { openPanel } from "./panels.js";
import { pick } from "./picking.js";

const ROWS = "[data-rows] > :not(.more-row)";
const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog, details.menu, details.chip");
const at = () => document.activeElement?.closest?.(ROWS) ?? document.querySelector("[data-rows] > [data-at]");

function go(row) {
  if (!row) return;
  document.querySelectorAll("[data-rows] > [data-at]").forEach((other) => other.removeAttribute("data-at"));
  row.dataset.at = "";
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function openRow(row, newTab = false) {
  const { panel, href } = row.dataset;
  if (newTab && href) window.open(href, "_blank", "noopener");
  else if (panel) openPanel(panel);
  else if (href) location.assign(href);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const rows = [...document.querySelectorAll(ROWS)];
  if (!rows.length) return;
  const row = at();
  const index = rows.indexOf(row);
  if (["j", "ArrowDown"].includes(event.key)) go(rows[Math.min(index + 1, rows.length - 1)]);
  else if (["k", "ArrowUp"].includes(event.key)) go(rows[Math.max(index - 1, 0)]);
  else if (!row) return;
  else if (event.key === "Enter" && event.target.matches("tr, [data-row], body")) openRow(row);
  else if (event.key === "x") pick(row, event.shiftKey);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-rows] > :is([data-href], [data-panel])");
  if (!row || event.target.closest("a, button, input, label, select, textarea, details, summary")) return;
  if (String(getSelection())) return;
  openRow(row, event.ctrlKey || event.metaKey);
});
