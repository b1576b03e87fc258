// The desk by keyboard: digits and Y/N answer the question that waits; timers tick.
const typing = (target) => target.closest?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
const questions = () => [...document.querySelectorAll("[data-question]")];
const answered = (q) => !!q.querySelector("input:checked") || !!q.querySelector("textarea")?.value.trim();
const keyed = (q) => ["scale", "nps", "yesno", "choice"].includes(q.dataset.question);

function waiting() {
  const here = document.activeElement?.closest?.("[data-question]");
  if (here && keyed(here) && !answered(here)) return here;
  return questions().find((q) => keyed(q) && !answered(q));
}

function mark() {
  const at = waiting();
  questions().forEach((q) => q.toggleAttribute("data-at", q === at));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const question = waiting();
  if (!question) return;
  const type = question.dataset.question;
  const key = event.key.toLowerCase();
  let option;
  if (type === "yesno") option = question.querySelector({ y: "[value=yes]", n: "[value=no]" }[key] ?? "none");
  else if (/^\d$/.test(key)) {
    const inputs = [...question.querySelectorAll("input[type=radio]")];
    // On the eleven-point scale 0 is nought; ten is chosen with the letter x.
    option = type === "choice" ? inputs[key - 1] : inputs.find((i) => i.value === key);
  } else if (type === "nps" && key === "x") option = question.querySelector("[value='10']");
  if (!option) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  option.click();
  waiting()?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}, true);

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
document.addEventListener("change", mark);
document.addEventListener("htmx:after:settle", () => (mark(), tick()));
mark();
tick();
setInterval(tick, 500);
