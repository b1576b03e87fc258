// Asks the server what the rule says, whom it finds and how they differ; only the last answer counts.
import { make, word } from "./elements.js";

const COUNT_AFTER = 120;
const PROFILE_AFTER = 500;

export function asked(form, state, rule) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const say = (name, text) => (part(name).textContent = text);
  let turn = 0;
  let wait;
  let later;
  let leave = new AbortController();

  const post = (url, signal) =>
    fetch(url, {
      method: "POST", credentials: "same-origin", signal,
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="dangol-csrf"]').content, "HX-Request": "true" },
      body: JSON.stringify({ rule: JSON.parse(rule()), place: form.querySelector('[name="place-key"]')?.value ?? "", segment: form.dataset.segment }),
    });

  async function count(mine) {
    const begun = performance.now();
    try {
      const answer = await post(form.dataset.countUrl, leave.signal);
      if (mine !== turn) return;
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json(), performance.now() - begun);
    } catch (error) {
      if (error.name === "AbortError" || mine !== turn) return;
      say("count-note", word("no_answer"));
    }
    part("count").closest("[data-standing]").removeAttribute("aria-busy");
  }

  function show(told, took) {
    place(told.problems);
    form.toggleAttribute("data-wrong", told.sentence === undefined);
    if (told.sentence === undefined) {
      clearTimeout(later);
      part("profile").replaceChildren();
      return say("count-note", word("unfinished"));
    }
    say("sentence", told.sentence);
    if (told.count === null) return say("count-note", word("no_lake"));
    const lang = document.documentElement.lang;
    const figure = (value) => value.toLocaleString(lang);
    say("count", `${told.exact === false ? "≈ " : ""}${figure(told.count)}`);
    say("count-note", word(told.place ? "of_place" : "of_everybody").replace("%(place)s", () => told.place).replace("%(share)s", told.share.toLocaleString(lang, { maximumFractionDigits: told.share < 1 ? 2 : 1 })).replace("%(of)s", figure(told.of)));
    if (told.left_out) part("count-note").append(make("span", { className: "segment-left-out" }, told.left_out));
    part("count").dataset.milliseconds = Math.round(took);
  }

  function place(problems) {
    form.querySelectorAll("[data-problem]").forEach((one) => {
      one.hidden = true;
      one.textContent = "";
    });
    for (const { path, why } of problems) {
      let steps = [...path];
      while (steps.length && !state.places.has(steps.join("/"))) steps.pop();
      const note = form.querySelector(`[data-problem="${state.places.get(steps.join("/"))}"]`);
      if (!note) continue;
      note.hidden = false;
      note.textContent = [note.textContent, why].filter(Boolean).join(" ");
    }
  }

  async function profile(mine) {
    try {
      const answer = await post(form.dataset.profileUrl, leave.signal);
      if (mine !== turn || !answer.ok) return;
      part("profile").innerHTML = await answer.text();
      document.dispatchEvent(new CustomEvent("htmx:after:settle"));
    } catch (error) {
      if (error.name !== "AbortError") say("count-note", word("no_answer"));
    }
  }

  return () => {
    const mine = ++turn;
    part("count").closest("[data-standing]").setAttribute("aria-busy", "true");
    leave.abort();
    leave = new AbortController();
    clearTimeout(wait);
    clearTimeout(later);
    wait = setTimeout(() => count(mine), COUNT_AFTER);
    later = setTimeout(() => profile(mine), PROFILE_AFTER);
  };
}
