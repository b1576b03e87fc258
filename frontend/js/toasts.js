// Short words at the foot of the screen: what happened, and how to take it back.
import { icon, word } from "./words.js";

const ICONS = { good: "circle-check", watch: "triangle-alert", bad: "octagon-alert", info: "info" };
const stay = { good: 5000, info: 5000, watch: 8000, bad: 10000 };
const most = 3; // older ones give way
const holder = document.getElementById("toasts");

export function showToast({ text, meaning = "good", undo, undo_label: undoLabel }) {
  if (!holder || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast toast-${meaning}`;
  toast.setAttribute("role", meaning === "bad" ? "alert" : "status");
  toast.append(icon(ICONS[meaning] ?? "info"), Object.assign(document.createElement("p"), { textContent: text }));
  if (undo) toast.append(undoButton(toast, undo, undoLabel));
  const close = Object.assign(document.createElement("button"), { className: "toast-close", type: "button" });
  close.setAttribute("aria-label", word("close"));
  close.append(icon("x", "icon-14"));
  close.addEventListener("click", () => drop(toast));
  toast.append(close);
  holder.append(toast);
  while (holder.childElementCount > most) holder.firstElementChild.remove();
  holder.hidePopover?.();
  holder.showPopover?.();
  leaveLater(toast, undo ? 9000 : (stay[meaning] ?? 5000));
}

function undoButton(toast, undo, label) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label || word("undo") });
  button.addEventListener("click", () => {
    drop(toast);
    window.htmx.ajax("POST", undo, { swap: "none" });
  });
  return button;
}

function leaveLater(toast, time) {
  let timer = setTimeout(() => drop(toast), time);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => drop(toast), 2000)));
}

function drop(toast) {
  toast.remove();
  if (holder && !holder.childElementCount) holder.hidePopover?.();
}

// From the server: HX-Trigger {"dangol:toast": {...}} or messages in <script id="ui-messages">.
document.addEventListener("dangol:toast", ({ detail }) => showToast(detail));
const messages = document.getElementById("ui-messages");
if (messages) JSON.parse(messages.textContent).forEach(showToast);
