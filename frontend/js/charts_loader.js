// Charts are fetched only by pages that hold one, and drawn when they come into view.
import { meta } from "./words.js";

let library;
const load = () => (library ??= import(meta("dangol-charts")));

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    load().then(({ draw }) => draw(target));
  }
}, { rootMargin: "200px" });

const watch = () =>
  document.querySelectorAll("[data-chart]:not([data-chart-seen])").forEach((elt) => {
    elt.dataset.chartSeen = "";
    seen.observe(elt);
  });

watch();
document.addEventListener("htmx:after:settle", watch);
document.addEventListener("dangol:theme", () => library?.then(({ redraw }) => redraw()));
