// One stream per page. <div data-live="topic another"> says what the page listens to;
// data-live-text="path.in.json" shows a value; `dangol:live` carries the rest to whoever asks.
import { meta, word } from "./words.js";

const QUIET = 45_000; // the server sends a heartbeat every 15 s; three missed ones mean that the line is dead
const CHECK = 5_000;
let source;
let topics = "";
let lastHeard = 0;
let tries = 0;
let timer;

const wanted = () => {
  const all = new Set();
  document.querySelectorAll("[data-live]").forEach((elt) => elt.dataset.live.split(/\s+/).forEach((topic) => topic && all.add(topic)));
  return [...all].sort();
};

function address(list) {
  const url = new URL(meta("dangol-live"), document.baseURI);
  list.forEach((topic) => url.searchParams.append("topic", topic));
  return url;
}

function connect() {
  const list = wanted();
  topics = list.join(" ");
  clearTimeout(timer);
  source?.close();
  source = undefined;
  if (!list.length || !meta("dangol-live")) return mark("none");
  lastHeard = Date.now();
  source = new EventSource(address(list), { withCredentials: true });
  source.addEventListener("open", () => {
    tries = 0;
    lastHeard = Date.now();
    mark("on");
  });
  source.addEventListener("error", again);
  source.addEventListener("heartbeat", () => (lastHeard = Date.now()));
  list.forEach((topic) => source.addEventListener(topic, (event) => heard(event, topic)));
}

function again() {
  source?.close();
  source = undefined;
  mark("off");
  clearTimeout(timer);
  const wait = Math.min(30_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
  tries = Math.min(tries + 1, 8);
  timer = setTimeout(connect, wait);
}

function heard(event, topic) {
  lastHeard = Date.now();
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return;
  }
  tellAll(topic, data);
}

export function tellAll(topic, data) {
  for (const elt of document.querySelectorAll("[data-live]")) {
    if (!elt.dataset.live.split(/\s+/).includes(topic)) continue;
    if ("liveChanges" in elt.dataset && !changed(elt, topic, data)) continue;
    const said = elt.dispatchEvent(new CustomEvent("dangol:live", { detail: { topic, data }, cancelable: true }));
    elt.dispatchEvent(new CustomEvent(`dangol:live:${topic}`, { detail: data }));
    if (said) bind(elt, topic, data);
  }
  document.dispatchEvent(new CustomEvent("dangol:live", { detail: { topic, data } }));
}

// data-live-changes="{…}": the state that the page shows; only what differs from it is news. What
// happens between the drawing of the page and the opening of the stream is seen by this alone.
const shown = new WeakMap();
function changed(elt, topic, data) {
  const seen = shown.get(elt) ?? shown.set(elt, new Map()).get(elt);
  const before = seen.get(topic);
  const now = JSON.stringify(data);
  seen.set(topic, now);
  return now !== elt.dataset.liveChanges && now !== before;
}

const at = (data, path) => path.split(".").reduce((value, key) => value?.[key], data);

function bind(root, topic, data) {
  for (const elt of [root, ...root.querySelectorAll("[data-live-text]")]) {
    const path = elt.dataset.liveText;
    if (!path || (elt.dataset.liveTopic && elt.dataset.liveTopic !== topic)) continue;
    if (elt !== root && elt.closest("[data-live]") !== root) continue;
    const value = at(data, path);
    if (value !== undefined && value !== null) show(elt, value);
  }
}

function show(elt, value) {
  const digits = elt.dataset.liveDigits;
  const text = typeof value === "number"
    ? value.toLocaleString(document.documentElement.lang, digits ? { minimumFractionDigits: +digits, maximumFractionDigits: +digits } : {})
    : String(value);
  if ("liveHideZero" in elt.dataset) elt.toggleAttribute("data-none", value === 0);
  if (elt.textContent.trim() === text) return;
  elt.textContent = text;
  elt.classList.remove("live-changed");
  requestAnimationFrame(() => elt.classList.add("live-changed"));
}

function mark(state) {
  document.querySelectorAll("[data-live-mark]").forEach((elt) => {
    elt.hidden = state !== "off" || tries < 1;
    elt.dataset.state = state;
    elt.querySelector("span").textContent = word("disconnected");
  });
  document.documentElement.dataset.line = state;
}

setInterval(() => {
  if (source && Date.now() - lastHeard > QUIET) again();
}, CHECK);
const listenAgain = () => wanted().join(" ") !== topics && connect();
document.addEventListener("htmx:after:settle", listenAgain);
document.addEventListener("visibilitychange", () => !document.hidden && topics && !source && connect());
addEventListener("online", connect);
addEventListener("offline", again);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && connect());
connect();
