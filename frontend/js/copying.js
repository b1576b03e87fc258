// A button with data-copy puts its text on the clipboard; a field beside it can be copied by hand.
import { showToast } from "./toasts.js";
import { word } from "./words.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    showToast({ text: word("copied") });
  } catch {
    const field = button.parentElement.querySelector("[data-copy-source]");
    field?.focus();
    field?.select();
  }
});
