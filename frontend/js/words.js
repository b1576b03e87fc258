// The few words that scripts show, translated by the server in <script type="application/json" id="ui-words">.
const source = document.getElementById("ui-words");
const words = source ? JSON.parse(source.textContent) : {};

export const word = (key) => words[key] ?? key;
export const language = document.documentElement.lang || "ko";
export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

export function icon(name, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${meta("dangol-icons")}#${name}`);
  svg.append(use);
  return svg;
}
