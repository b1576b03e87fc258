// The settings of the chosen question: every input says by data-path which part of it it holds.
const at = (object, path) => path.split(".").reduce((value, key) => value?.[key], object);

function put(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  const holder = keys.reduce((inner, key) => (inner[key] ??= {}), object);
  if (value === "" || value === null || value === false) delete holder[last];
  else holder[last] = value;
}

function valueOf(input) {
  if (input.type === "checkbox") return input.checked;
  if (input.dataset.number !== undefined) return input.value === "" ? null : Number(input.value);
  return input.value;
}

function bind(part, object, editable, changed) {
  for (const input of part.querySelectorAll("[data-path]")) {
    if (input.closest("[data-list-row]") && part !== input.closest("[data-list-row]")) continue;
    const value = at(object, input.dataset.path);
    if (input.type === "checkbox") input.checked = value === true;
    else input.value = value ?? "";
    input.disabled = !editable;
    input.addEventListener("input", () => {
      put(object, input.dataset.path, valueOf(input));
      changed();
    });
  }
}

export function drawSettings(place, state, changed) {
  const question = state.body[state.chosen];
  const form = place.querySelector(":scope > template").content.cloneNode(true);
  const holder = place.querySelector("[data-form]");
  if (!question) return holder.replaceChildren();
  for (const part of form.querySelectorAll("[data-types]")) part.hidden = !part.dataset.types.split(" ").includes(question.type);
  const items = form.querySelector("datalist");
  items.append(...state.items.map(([value, label]) => Object.assign(document.createElement("option"), { value, label })));
  bind(form, question, state.editable, changed);
  for (const list of form.querySelectorAll("[data-list]")) if (!list.hidden) drawRows(list, question, state, changed);
  drawRule(form, question, state, changed);
  form.querySelector("[data-kind]").textContent = place.dataset[`type${question.type}`] ?? question.type;
  holder.replaceChildren(form);
}

// Options and rows: lists inside the question.
function drawRows(list, question, state, changed) {
  const name = list.dataset.list;
  const rows = (question[name] ??= []);
  const body = list.querySelector("[data-list-rows]");
  const redraw = () => {
    drawRows(list, question, state, changed);
    changed();
  };
  body.replaceChildren(...rows.map((one, index) => {
    const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
    bind(row, one, state.editable, changed);
    row.querySelector("[data-list-remove]").addEventListener("click", () => {
      rows.splice(index, 1);
      redraw();
    });
    return row;
  }));
  const add = list.querySelector("[data-list-add]");
  add.disabled = !state.editable;
  add.onclick = () => {
    const key = list.dataset.keyName;
    let number = rows.length + 1;
    while (rows.some((one) => one[key] === `${name[0]}${number}`)) number += 1;
    rows.push({ [key]: `${name[0]}${number}`, text: { ko: "" } });
    redraw();
    body.lastElementChild?.querySelector("[data-path='text.ko']")?.focus();
  };
}

// Branching: ask only if an earlier question was answered so.
function drawRule(form, question, state, changed) {
  const [which, op, value] = ["question", "op", "value"].map((name) => form.querySelector(`[data-rule="${name}"]`));
  const rule = question.show_if;
  const joined = rule && (rule.all || rule.any);
  form.querySelector("[data-rule-joined]").hidden = !joined;
  form.querySelector("[data-rule-simple]").hidden = Boolean(joined);
  const earlier = state.body.slice(0, state.chosen);
  which.append(...earlier.map((one, index) => new Option(`${index + 1}. ${one.text?.ko ?? one.key}`, one.key)));
  const valuesOf = (key) => {
    const asked = earlier.find((one) => one.key === key);
    if (!asked) return [];
    if (asked.type === "yesno") return [["true", value.dataset.yes], ["false", value.dataset.no]];
    if (asked.options) return asked.options.map((one) => [JSON.stringify(one.value), one.text?.ko ?? one.value]);
    const { low = 0, high = 10 } = asked.scale ?? {};
    return asked.scale ? Array.from({ length: high - low + 1 }, (_, step) => [String(low + step), String(low + step)]) : [];
  };
  const show = () => {
    op.hidden = !which.value;
    const values = valuesOf(which.value);
    value.hidden = !which.value || op.value === "answered" || !values.length;
    value.replaceChildren(...values.map(([key, label]) => new Option(label, key)));
  };
  if (rule && !joined) {
    which.value = rule.question;
    op.value = rule.op;
  }
  show();
  if (rule && "value" in rule) value.value = JSON.stringify(rule.value);
  for (const input of [which, op, value]) {
    input.disabled = !state.editable;
    input.addEventListener("input", () => {
      if (input !== value) show();
      if (!which.value) delete question.show_if;
      else if (op.value === "answered" || value.hidden) question.show_if = { question: which.value, op: "answered" };
      else question.show_if = { question: which.value, op: op.value, value: JSON.parse(value.value) };
      changed();
    });
  }
}
