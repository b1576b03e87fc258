// Questions inside any form: branching, answers by number keys, drafts kept on the server while typing.
import { holds, said } from "./rules.js";

const signedOut = () => document.dispatchEvent(new CustomEvent("dangol:signed-out"));

const PAUSE = 500;
const questionsOf = (block) => [...block.querySelectorAll("[data-question]")];
const seen = (block) => questionsOf(block).filter((one) => !one.hidden);
const typing = (target) => target.closest?.("textarea, select, [contenteditable], dialog, input:not([type=radio], [type=checkbox])");

export function branch(block) {
  const answers = {};
  for (const one of questionsOf(block)) {
    const rule = JSON.parse(one.dataset.showIf || '""');
    one.hidden = !holds(rule, answers);
    if (!one.hidden) answers[one.dataset.question] = said(one);
  }
  const shown = block.closest("form")?.querySelector("[data-shown]");
  if (shown) shown.value = seen(block).map((one) => one.dataset.question).join(" ");
}

// Drafts: half a second after the last change, and once more when the page goes away.
const timers = new Map();

async function keep(block, leaving = false) {
  clearTimeout(timers.get(block));
  timers.delete(block);
  const form = block.closest("form");
  const mark = block.querySelector("[data-autosave-mark]");
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name.startsWith("q-")) body.append(name, value);
  try {
    const answer = await fetch(block.dataset.autosave, {
      method: "POST", body, keepalive: leaving, credentials: "same-origin",
      headers: { "X-CSRFToken": document.querySelector('meta[name="dangol-csrf"]').content, "HX-Request": "true" },
    });
    mark.textContent = answer.ok ? mark.dataset.kept : mark.dataset.lost;
    if (answer.status === 401) return signedOut();
    if (answer.status >= 500) throw new Error("not kept");
  } catch {
    mark.textContent = mark.dataset.lost;
    timers.set(block, setTimeout(() => keep(block), 5000));
  }
}

function changed({ target }) {
  const block = target.closest?.("[data-questions]");
  if (!block) return;
  branch(block);
  if (!block.dataset.autosave) return;
  clearTimeout(timers.get(block));
  timers.set(block, setTimeout(() => keep(block), PAUSE));
}
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("dangol:signed-in", () => document.querySelectorAll("[data-questions][data-autosave]").forEach((block) => keep(block)));
addEventListener("pagehide", () => timers.forEach((_timer, block) => keep(block, true)));

// Number keys choose in the question at hand; arrows go from question to question.
function atHand(block) {
  const asked = seen(block);
  const focused = document.activeElement?.closest?.("[data-question]");
  if (focused && asked.includes(focused)) return focused;
  return block.querySelector("[data-question][data-at]:not([hidden])") ?? asked.find((one) => said(one) === null || said(one).length === 0) ?? asked.at(-1);
}

function go(block, question) {
  questionsOf(block).forEach((one) => one.removeAttribute("data-at"));
  if (!question) return;
  question.dataset.at = "";
  const input = question.querySelector("input:checked") ?? question.querySelector("input, textarea");
  input?.focus({ preventScroll: true });
  question.scrollIntoView({ block: "nearest" });
}

function choose(block, question, digit) {
  const inputs = [...question.querySelectorAll('input[type="radio"], input[type="checkbox"]')];
  const kind = question.dataset.kind;
  const byValue = kind === "nps" || kind === "scale";
  const wanted = kind === "nps" ? (digit === 0 && said(question) === 1 ? 10 : digit) : digit;
  const input = byValue ? inputs.find((one) => Number(one.value) === wanted) : inputs[digit - 1];
  if (!input) return false;
  input.checked = kind === "multi" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  // A 1 in 0–10 may become a 10, and several may be chosen: there the person goes on by hand.
  const waits = kind === "multi" || (kind === "nps" && wanted === 1);
  if (waits) go(block, question);
  else go(block, seen(block)[seen(block).indexOf(question) + 1] ?? question);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const block = event.target.closest?.("[data-questions]") ?? [...document.querySelectorAll("form [data-questions]")].find((one) => one.checkVisibility());
  if (!block) return;
  const question = atHand(block);
  if (!question) return;
  if (/^\d$/.test(event.key) && !typing(event.target)) {
    if (question.dataset.kind === "matrix" || question.dataset.kind === "text") return;
    if (choose(block, question, Number(event.key))) event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest?.("[data-question]") && !typing(event.target)) {
    const asked = seen(block);
    go(block, asked[asked.indexOf(question) + (event.key === "ArrowDown" ? 1 : -1)]);
    event.preventDefault();
  }
}, true);

export function begin(root = document) {
  root.querySelectorAll("[data-questions]").forEach(branch);
}
begin();
const wrong = document.querySelector(".question-wrong:not([hidden])");
if (wrong) {
  go(wrong.closest("[data-questions]"), wrong);
  wrong.scrollIntoView({ block: "center" });
}
document.addEventListener("htmx:after:settle", () => begin());
