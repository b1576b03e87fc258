// The list of questions: drag by the handle, or move the chosen one with Alt and the arrows.
export function drawList(list, state, { choose, move, remove }) {
  const focused = list.contains(document.activeElement) ? state.chosen : -1;
  list.replaceChildren(...state.body.map((question, index) => row(list, state, question, index, { choose, move, remove })));
  if (focused >= 0) list.children[focused]?.querySelector("button")?.focus({ preventScroll: true });
}

function row(list, state, question, index, { choose, move, remove }) {
  const item = list.closest("[data-designer]").querySelector("[data-row-template]").content.firstElementChild.cloneNode(true);
  const button = item.querySelector("[data-choose]");
  item.querySelector("[data-number]").textContent = index + 1;
  item.querySelector("[data-text]").textContent = question.text?.[document.documentElement.lang] || question.text?.ko || question.key;
  item.querySelector("[data-branch]").hidden = !question.show_if;
  item.querySelector("[data-wrong]").hidden = !(question.key in state.errors);
  button.setAttribute("aria-current", index === state.chosen);
  button.addEventListener("click", () => choose(index));
  button.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way && event.altKey) move(index, index + way);
    else if (way) {
      list.children[index + way]?.querySelector("[data-choose]").focus();
      choose(Math.max(0, Math.min(index + way, state.body.length - 1)));
    } else if (event.key === "Delete" && state.editable) remove(index);
    else return;
    event.preventDefault();
  });
  for (const [name, way] of [["up", -1], ["down", 1]]) {
    const mover = item.querySelector(`[data-move="${name}"]`);
    mover.disabled = !state.editable || index + way < 0 || index + way >= state.body.length;
    mover.addEventListener("click", () => move(index, index + way));
  }
  const bin = item.querySelector("[data-remove]");
  bin.disabled = !state.editable;
  bin.addEventListener("click", () => remove(index));
  return item;
}
