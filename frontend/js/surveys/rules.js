// Branching, exactly as dangol/surveys/questions.py decides it: rules look back only.
const empty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

export function holds(rule, answers) {
  if (!rule) return true;
  if (rule.all) return rule.all.every((one) => holds(one, answers));
  if (rule.any) return rule.any.some((one) => holds(one, answers));
  const given = answers[rule.question];
  if (empty(given)) return false;
  switch (rule.op) {
    case "answered": return true;
    case "eq": return Array.isArray(given) ? given.includes(rule.value) : given === rule.value;
    case "ne": return Array.isArray(given) ? !given.includes(rule.value) : given !== rule.value;
    case "le": return typeof given === "number" && given <= rule.value;
    case "ge": return typeof given === "number" && given >= rule.value;
  }
  return false;
}

// What a fieldset's inputs say, in the shape that the rules compare with.
export function said(fieldset) {
  const inputs = [...fieldset.querySelectorAll("input, textarea")];
  const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
  switch (fieldset.dataset.kind) {
    case "scale":
    case "nps": return chosen.length ? Number(chosen[0]) : null;
    case "yesno": return chosen.length ? chosen[0] === "yes" : null;
    case "multi": return chosen;
    case "choice": return chosen[0] ?? null;
    case "matrix": return chosen.length ? chosen : null;
  }
  return inputs[0]?.value.trim() || null;
}
