// Small islands of Alpine (CSP build) and lists that are put in order by hand.
import Alpine from "@alpinejs/csp";
import Sortable from "sortablejs";

window.Alpine = Alpine;
document.dispatchEvent(new CustomEvent("dangol:islands", { detail: Alpine }));
Alpine.start();

// <ol data-sortable="/url/"> posts the new order of data-id values.
const sortables = () =>
  document.querySelectorAll("[data-sortable]:not([data-sortable-ready])").forEach((list) => {
    list.dataset.sortableReady = "";
    Sortable.create(list, {
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      handle: "[data-handle]",
      dataIdAttr: "data-id",
      onEnd() {
        const order = this.toArray();
        list.dispatchEvent(new CustomEvent("dangol:sorted", { detail: order, bubbles: true }));
        if (list.dataset.sortable) window.htmx.ajax("POST", list.dataset.sortable, { values: { order: order.join(",") }, swap: "none" });
      },
    });
  });
sortables();
document.addEventListener("htmx:after:settle", sortables);
