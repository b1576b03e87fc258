// A session that ended takes nothing away: the page stays, the person signs in beside it and goes on.
import { meta, word } from "./words.js";
import { showToast } from "./toasts.js";

const dialog = document.getElementById("signed-out");
let timer;

async function ask() {
  const answer = await fetch(meta("dangol-session"), { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function ended() {
  if (!dialog || timer || !meta("dangol-person")) return;
  timer = setInterval(look, 3000);
  await look(); // signed in again elsewhere: only the token is old
  if (timer) dialog.showModal();
}

async function look() {
  let now;
  try {
    now = await ask();
  } catch {
    return; // no answer yet: the next look comes
  }
  if (!now.person) return;
  if (now.person !== meta("dangol-person")) return location.reload(); // somebody else: this page is not theirs
  clearInterval(timer);
  timer = undefined;
  renew(now.csrf);
  dialog.close();
  document.dispatchEvent(new CustomEvent("dangol:signed-in"));
}

// Signing in makes a new token; forms drawn before it carry the old one.
function renew(token) {
  document.querySelector('meta[name="dangol-csrf"]').content = token;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
}

dialog?.addEventListener("cancel", (event) => event.preventDefault());
addEventListener("focus", () => dialog?.open && look());
document.addEventListener("dangol:signed-out", ended);
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => ctx.response?.status === 401 && ended());

// An ordinary form leaves the page for good, so it goes only when somebody is there to take it.
const cleared = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const byScript = form.hasAttribute("hx-post") && /\bsubmit\b/.test(form.getAttribute("hx-trigger") ?? "submit");
  const native = form.getAttribute("method") === "post" && !byScript;
  if (!native || !meta("dangol-person") || cleared.has(form) || form.dataset.sending) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask().then(({ person, csrf }) => {
    if (!person) return ended();
    renew(csrf);
    cleared.add(form);
    form.requestSubmit(submitter);
    cleared.delete(form);
  }, () => showToast({ text: word("offline"), meaning: "bad" }));
}, true);
