// Ctrl-K: find anything, do anything. The server answers /find/?q= with ready links.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[data-results]");
let asked = 0;
let timer;

const items = () => [...results.querySelectorAll("a, button")];
const chosen = () => results.querySelector('[aria-selected="true"]');

function choose(item) {
  chosen()?.setAttribute("aria-selected", "false");
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) {
    item.id ||= `found-${items().indexOf(item)}`;
    input.setAttribute("aria-activedescendant", item.id);
  } else input.removeAttribute("aria-activedescendant");
}

async function ask() {
  const turn = ++asked;
  const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(input.value)}&at=${encodeURIComponent(location.pathname)}`, {
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
  }).catch(() => null);
  if (turn !== asked || !answer?.ok) return;
  results.innerHTML = await answer.text();
  window.htmx.process(results);
  choose(items()[0]);
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.value = "";
  ask();
}

if (dialog) {
  document.addEventListener("click", ({ target }) => target.closest?.("[data-open-palette]") && open());
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = items();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter") chosen()?.click();
    else return;
    event.preventDefault();
  });
  results.addEventListener("pointermove", ({ target }) => choose(target.closest("a, button") ?? chosen()));
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
}
