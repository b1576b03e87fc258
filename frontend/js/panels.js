// The right-hand panel: opened beside the list, kept in the address (?panel=), closed by Escape.
const panel = document.getElementById("panel");

function remember(path) {
  const here = new URL(location.href);
  if (path) here.searchParams.set("panel", path);
  else here.searchParams.delete("panel");
  history.replaceState(history.state, "", here);
}

function mark(path) {
  document.querySelectorAll("[data-open-row]").forEach((row) => row.removeAttribute("data-open-row"));
  document.querySelectorAll("tr[data-open]").forEach((row) => row.removeAttribute("data-open"));
  if (path) document.querySelector(`tr[data-panel="${CSS.escape(path)}"]`)?.setAttribute("data-open", "");
}

export function openPanel(path) {
  remember(path);
  mark(path);
  return window.htmx.ajax("GET", path, { target: panel, swap: "innerHTML", headers: { "HX-Panel": "true" } });
}

export function closePanel() {
  panel.replaceChildren();
  remember(null);
  mark(null);
}

if (panel) {
  const wanted = new URLSearchParams(location.search).get("panel");
  if (wanted?.startsWith("/") && !wanted.startsWith("//")) queueMicrotask(() => openPanel(wanted));

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-close-panel]")) return closePanel();
    const opener = event.target.closest?.("a[data-panel], button[data-panel]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openPanel(opener.dataset.panel || opener.getAttribute("href"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && panel.hasChildNodes() && !document.querySelector("dialog[open]")) closePanel();
  });
}

// A record was changed in one part of its page: the panels that tell of it are fetched again.
document.addEventListener("dangol:changed", () => {
  for (const body of document.querySelectorAll("details.panel[open] > .panel-body[hx-get]")) {
    window.htmx.ajax("GET", body.getAttribute("hx-get"), { source: body, target: body, swap: "innerHTML" });
  }
});
