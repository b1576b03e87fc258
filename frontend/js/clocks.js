// A clock counts working time: it runs only while the calendar is open, and asks again when that changes.
import { word } from "./words.js";

const born = new WeakMap();

function left(elt, now) {
  if (!born.has(elt) || born.get(elt).said !== elt.dataset.left) born.set(elt, { said: elt.dataset.left, since: now });
  const { since } = born.get(elt);
  const running = elt.dataset.running === "1";
  const turn = elt.dataset.turns ? Date.parse(elt.dataset.turns) : Infinity;
  const until = Math.min(now, turn);
  if (now >= turn && !elt.dataset.turned) {
    elt.dataset.turned = "1";
    elt.dispatchEvent(new CustomEvent("dangol:clock-turned", { bubbles: true }));
  }
  return Number(elt.dataset.left) - (running ? Math.max(0, (until - since) / 1000) : 0);
}

export function tellSpan(seconds) {
  const late = seconds < 0;
  const all = Math.abs(Math.trunc(seconds));
  const [hours, minutes, rest] = [Math.trunc(all / 3600), Math.trunc((all % 3600) / 60), all % 60];
  const two = (value) => String(value).padStart(2, "0");
  const text = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return late ? `+${text}` : text;
}

// A clock that stands does not look as if it ticked: hours and minutes in words.
export function tellCalm(seconds) {
  const all = Math.trunc(Math.abs(seconds) / 60);
  const [hours, minutes] = [Math.trunc(all / 60), all % 60];
  const parts = hours ? [word("hours").replace("%(hours)s", hours)] : [];
  if (minutes || !hours) parts.push(word("minutes").replace("%(minutes)s", minutes));
  const text = parts.join(" ");
  return seconds < 0 ? `+${text}` : text;
}

function tick() {
  const now = Date.now();
  document.querySelectorAll(".clock[data-left]").forEach((elt) => {
    if (elt.dataset.state === "done") return;
    const seconds = left(elt, now);
    const warn = Number(elt.dataset.warn || 900);
    const state = seconds < 0 ? "bad" : elt.dataset.running !== "1" ? "paused" : seconds <= warn ? "watch" : "good";
    if (elt.dataset.state !== state) {
      elt.dataset.state = state;
      elt.querySelector("[data-clock-word]").textContent = word(`clock_${state}`);
    }
    const text = elt.querySelector("[data-clock-text]");
    const told = elt.dataset.running === "1" ? tellSpan(seconds) : tellCalm(seconds);
    if (text.textContent !== told) text.textContent = told;
  });
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:settle", tick);
