// Times are told relative to now; the exact one is in the title.
import { language } from "./words.js";

// As the server writes them: whole units, never "yesterday", so that nothing jumps when this runs.
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
const STEPS = [[60, "second"], [60, "minute"], [24, "hour"], [7, "day"], [4.35, "week"], [12, "month"], [Infinity, "year"]];

export function tell(moment, at = Date.now()) {
  let amount = (moment - at) / 1000;
  if (Math.abs(amount) < 45) return now;
  for (const [size, unit] of STEPS) {
    if (Math.abs(amount) < size) return relative.format(Math.trunc(amount), unit);
    amount /= size;
  }
}

export function refresh(root = document) {
  root.querySelectorAll("time[data-ago]").forEach((elt) => {
    const text = tell(Date.parse(elt.dateTime));
    if (elt.textContent !== text) elt.textContent = text;
  });
}

refresh();
setInterval(refresh, 30_000);
document.addEventListener("htmx:after:settle", () => refresh());

const wallTime = document.querySelector("[data-wall-time]");
if (wallTime) {
  const tick = () => (wallTime.textContent = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: wallTime.dataset.wallTime || undefined }));
  tick();
  setInterval(tick, 5000);
}
