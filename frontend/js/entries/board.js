// A live board: intervals move with the figures; words and tables are fetched again when answers came.
const PAUSE = 10_000;
const root = document.querySelector("[data-board]");
const at = (data, path) => path.split(".").reduce((value, key) => value?.[key], data);

function drawIntervals(data) {
  for (const svg of root.querySelectorAll("[data-interval]")) {
    const { low, mean, high } = at(data, svg.dataset.interval) ?? {};
    if (mean == null) continue;
    const [, band, line] = svg.querySelectorAll("rect");
    band.setAttribute("x", low);
    band.setAttribute("width", Math.max(0.5, high - low));
    line.setAttribute("x", mean);
  }
}

// Not every board of the company asks again in the same second.
const due = new Map();
function refresh(id, pause) {
  if (!due.has(id)) {
    due.set(id, setTimeout(() => {
      due.delete(id);
      document.getElementById(id)?.dispatchEvent(new CustomEvent("refresh"));
    }, pause * (0.5 + Math.random() / 2)));
  }
}

let answers;
document.addEventListener("dangol:live", ({ detail: { topic, data } }) => {
  if (!root || !data) return;
  if (topic.startsWith("duties:")) return refresh("side", 800);
  if (!topic.startsWith("board:")) return;
  drawIntervals(data);
  const count = Object.values(data).map((one) => `${one.month.n}:${one.month.mean}`).join();
  if (answers !== undefined && count !== answers) {
    refresh("side", 2000);
    refresh("tables", PAUSE);
    // The first answer of a process brings its figures onto the board.
    root.querySelectorAll("[data-process][hidden]").forEach((one) => (one.hidden = !at(data, `${one.dataset.process}.month.n`)));
    const none = root.querySelector("[data-no-figures]");
    if (none) none.hidden = Boolean(root.querySelector("[data-process]:not([hidden])"));
  }
  answers = count;
});
