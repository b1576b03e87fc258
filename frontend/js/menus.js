// Menus and chips are <details>: only one is open, a press outside or Escape closes it.
const MENUS = "details.menu[open], details.chip[open]";

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("details.menu, details.chip") || !target.open) return;
  document.querySelectorAll(MENUS).forEach((other) => other !== target && !other.contains(target) && (other.open = false));
  target.querySelector(".chip-form :is(input, select):not([type=hidden])")?.focus({ preventScroll: true });
}, true);

document.addEventListener("pointerdown", ({ target }) => {
  document.querySelectorAll(MENUS).forEach((menu) => !menu.contains(target) && (menu.open = false));
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(MENUS) ?? document.querySelector(MENUS);
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  } else if (/^Arrow(Up|Down)$/.test(event.key) && menu.matches(".menu")) {
    const items = [...menu.querySelectorAll(".menu-item")];
    const at = items.indexOf(document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(at + step + items.length) % items.length]?.focus();
    event.preventDefault();
  }
});
document.addEventListener("click", ({ target }) => {
  const menu = target.closest?.(".menu-item")?.closest("details.menu");
  if (menu && !target.closest("[data-stay]")) menu.open = false;
});

// A span of dates and two days exclude each other: the last one touched counts.
document.addEventListener("change", ({ target }) => {
  const form = target.closest?.(".chip-form");
  if (!form) return;
  if (target.type === "radio") form.querySelectorAll("input[type=date]").forEach((day) => (day.value = ""));
  if (target.type === "date") form.querySelectorAll("input[type=radio]").forEach((span) => (span.checked = false));
}, true);
