// data-open="id" opens a <dialog>, data-close closes it; hx-confirm asks in our own words.

const FIRST = ".dialog-body :is(input:not([type=hidden], [type=radio], [type=checkbox]), textarea, select)";

function show(dialog) {
  dialog?.showModal();
  (dialog?.querySelector("[autofocus]") ?? dialog?.querySelector(FIRST))?.focus();
}

document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-open]");
  if (opener?.dataset.open) show(document.getElementById(opener.dataset.open));
  const dialog = target.closest?.("dialog");
  if (target.closest?.("[data-close]")) dialog?.close();
  else if (dialog && target === dialog && !dialog.hasAttribute("data-modal")) dialog.close();
});

function ask(text) {
  const dialog = document.getElementById("confirm");
  if (!dialog) return Promise.resolve(window.confirm(text));
  dialog.querySelector("[data-question]").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((settle) => dialog.addEventListener("close", () => settle(dialog.returnValue === "yes"), { once: true }));
}

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  if (!ctx.confirm) return;
  event.preventDefault();
  ask(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()));
});

// A button that submits with data-confirm asks first; {n} is how many rows were chosen.
let sure = null;
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm;
  if (!question || sure === submitter) return void (sure = null);
  event.preventDefault();
  ask(question.replace("{n}", form.querySelector("[data-count]")?.textContent ?? "")).then((yes) => {
    if (!yes) return;
    sure = submitter;
    form.requestSubmit(submitter);
  });
}, true);

// Leaving a changed form: the browser asks, unless the draft is kept.
const dirty = new Set();
document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", ({ target }) => dirty.delete(target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// A dialog that arrives by htmx opens itself.
document.addEventListener("htmx:after:settle", () => {
  const arrived = document.querySelector("dialog[data-show]:not([open])");
  if (arrived) show(arrived);
  arrived?.addEventListener("close", () => arrived.remove(), { once: true });
});
export { ask };
