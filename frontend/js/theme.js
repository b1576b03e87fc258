// Light, dark or as the machine says; kept in a cookie, so that the server paints it right at once.
import { meta } from "./words.js";

const YEAR = 60 * 60 * 24 * 365;
const keep = (name, value) => {
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
};

function remember(theme) {
  const url = meta("dangol-theme");
  const body = new URLSearchParams({ theme });
  if (url) fetch(url, { method: "POST", body, headers: { "X-CSRFToken": meta("dangol-csrf") }, credentials: "same-origin" }).catch(() => {});
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  keep("theme", theme);
  document.querySelectorAll("[data-set-theme]").forEach((button) =>
    button.setAttribute("aria-checked", String(button.dataset.setTheme === theme)),
  );
  document.dispatchEvent(new CustomEvent("dangol:theme", { detail: theme }));
  remember(theme);
}

document.addEventListener("click", ({ target }) => {
  const choice = target.closest?.("[data-set-theme]");
  if (choice) setTheme(choice.dataset.setTheme);
  if (target.closest?.("[data-toggle-rail]")) {
    const shell = document.querySelector(".shell");
    const rail = shell.dataset.rail === "small" ? "wide" : "small";
    shell.dataset.rail = rail;
    keep("rail", rail);
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  document.dispatchEvent(new CustomEvent("dangol:theme", { detail: document.documentElement.dataset.theme })),
);
