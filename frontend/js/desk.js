// Timers tick: <time data-elapsed="seconds so far" data-elapsed-of="what it measures">.
const born = new Map();
const told = (seconds) => {
  const all = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  return all >= 3600 ? `${Math.floor(all / 3600)}:${two(Math.floor((all % 3600) / 60))}:${two(all % 60)}` : `${Math.floor(all / 60)}:${two(all % 60)}`;
};
function tick() {
  for (const elt of document.querySelectorAll("[data-elapsed]")) {
    const name = `${elt.dataset.elapsedOf}:${elt.dataset.elapsed}`;
    if (!born.has(name)) born.set(name, performance.now());
    const text = told(Number(elt.dataset.elapsed) + (performance.now() - born.get(name)) / 1000);
    if (elt.textContent !== text) elt.textContent = text;
  }
}
document.addEventListener("htmx:after:settle", tick);
tick();
setInterval(tick, 500);
// Escape leaves a text on the desk, so that the single keys work again.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.(".desk textarea, .desk input")) event.target.blur();
});
