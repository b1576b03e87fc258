// Every htmx request carries the CSRF token, sends no empty filter, is sent once, and fails in words.
import { meta, word } from "./words.js";
import { showToast } from "./toasts.js";

const READS = /^(GET|HEAD|QUERY)$/i;
const WORDS_BY_STATUS = { 0: "offline", 403: "refused", 404: "gone", 409: "changed", 429: "slow_down" };

const url = (action) => new URL(action || location.href, document.baseURI);

// A form on its way is not sent again by a second press; htmx would queue it and send it twice.
const onTheirWay = new WeakSet();
const writes = ({ sourceElement, request }) => sourceElement.matches("form") && !READS.test(request.method);
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (writes(ctx)) onTheirWay.add(ctx.sourceElement);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => onTheirWay.delete(ctx.sourceElement));

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const { request } = ctx;
  if (ctx.sourceEvent?.type === "submit" && onTheirWay.has(ctx.sourceElement)) return event.preventDefault();
  if (url(request.action).origin !== location.origin) return;
  if (!READS.test(request.method)) request.headers["X-CSRFToken"] = meta("dangol-csrf");
  else if (request.body instanceof FormData) dropEmpty(request.body);
});

function dropEmpty(body) {
  for (const key of [...new Set(body.keys())]) {
    const kept = body.getAll(key).filter((value) => value !== "");
    body.delete(key);
    kept.forEach((value) => body.append(key, value));
  }
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const status = ctx.response?.status ?? 0;
  if (status === 422 || status === 401) return; // 422 shows itself; 401: session.js
  showToast({ text: word(WORDS_BY_STATUS[status] ?? (status >= 500 ? "broken" : "refused")), meaning: "bad" });
});
document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  if (ctx?.request && !ctx.response && error?.name !== "AbortError") showToast({ text: word("offline"), meaning: "bad" });
});

// A slow request shows a thin line, only when it is really slow.
let waiting = 0;
let line;
let timer;
document.addEventListener("htmx:before:request", () => {
  waiting += 1;
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!waiting || line) return;
    line = document.body.appendChild(Object.assign(document.createElement("div"), { className: "htmx-waiting" }));
  }, 300);
});
document.addEventListener("htmx:finally:request", () => {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(timer);
  line?.remove();
  line = undefined;
});

// Ordinary forms: the second press of a button does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("data-repeatable")) return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "1";
  event.submitter?.setAttribute("data-busy", "");
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
  document.querySelectorAll("[data-busy]").forEach((button) => button.removeAttribute("data-busy"));
});
