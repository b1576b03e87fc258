// <form data-draft="key"> survives a closed tab: what was typed is kept on this machine until it is sent.
import { word } from "./words.js";

const DAYS = 7;
const name = (form) => `draft:${form.dataset.draft}`;
const kept = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type) && (field.autocomplete !== "off" || field.closest("[data-combobox]"));

function save(form) {
  const values = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (["checkbox", "radio"].includes(field.type)) (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else values[field.name] = field.value;
  }
  localStorage.setItem(name(form), JSON.stringify({ at: Date.now(), values }));
  say(form, word("draft_kept"));
}

function restore(form) {
  if (form.dataset.draftReady) return;
  form.dataset.draftReady = "1";
  const { at, values } = JSON.parse(localStorage.getItem(name(form)) || "{}");
  if (!values) return;
  if (Date.now() - at > DAYS * 864e5) return localStorage.removeItem(name(form));
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in values)) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = values[field.name].includes(field.value);
    else field.value = values[field.name];
  }
  say(form, word("draft_back"));
}

function say(form, text) {
  const mark = form.querySelector("[data-draft-mark]");
  if (mark) mark.textContent = text;
}

const timers = new WeakMap();
document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 400));
});
document.addEventListener("submit", ({ target }) => {
  if (!target.matches?.("form[data-draft]")) return;
  clearTimeout(timers.get(target));
  if (!target.matches("[hx-post], [hx-put], [hx-patch]")) localStorage.removeItem(name(target));
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form?.matches?.("form[data-draft]") && ctx.response?.status < 400) localStorage.removeItem(name(form));
});
const all = () => document.querySelectorAll("form[data-draft]").forEach(restore);
all();
document.addEventListener("htmx:after:settle", all);
