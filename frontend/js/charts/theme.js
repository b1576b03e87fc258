// One look for every chart, read from the tokens, so that it follows light and dark.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
canvas.canvas.width = canvas.canvas.height = 1;

// Tokens are light-dark() and oklch(): the browser resolves them, one painted dot gives plain rgb.
function resolve(elt, token) {
  const probe = elt.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
}

export function tokens(elt) {
  const take = (name) => resolve(elt, `--${name}`);
  return {
    text: take("n12"), soft: take("n11"), muted: take("n10"), line: take("n4"), axis: take("n6"), grey: take("n8"), pale: take("n5"),
    raised: take("raised"), accent: take("accent"), accentSoft: take("accent-soft"),
    good: take("good"), watch: take("watch"), bad: take("bad"), info: take("info"),
    pick: take, series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => take(`chart-${n}`)),
    font: getComputedStyle(elt).fontFamily,
  };
}

export function theme(t) {
  const axis = {
    axisLine: { show: false, lineStyle: { color: t.axis } },
    axisTick: { show: false },
    axisLabel: { color: t.muted, fontSize: 12, hideOverlap: true },
    splitLine: { show: false, lineStyle: { color: t.line, width: 1 } },
    nameTextStyle: { color: t.muted, fontSize: 12 },
  };
  return {
    color: t.series,
    textStyle: { fontFamily: t.font, fontSize: 12, color: t.soft },
    backgroundColor: "transparent",
    categoryAxis: { ...axis, axisLine: { show: true, lineStyle: { color: t.axis } } },
    timeAxis: axis,
    logAxis: { ...axis, splitLine: { show: true, lineStyle: { color: t.line } } },
    valueAxis: { ...axis, splitLine: { show: true, lineStyle: { color: t.line } }, splitNumber: 4 },
    line: { showSymbol: false, symbolSize: 6, lineStyle: { width: 2 }, emphasis: { disabled: true } },
    bar: { barMaxWidth: 28, itemStyle: { borderRadius: [2, 2, 0, 0] } },
    legend: { textStyle: { color: t.soft, fontSize: 12 }, icon: "roundRect", itemWidth: 10, itemHeight: 3, top: 0, left: 0 },
    tooltip: {
      renderMode: "richText", // HTML tooltips need inline styles, which the content policy forbids
      backgroundColor: t.raised, borderColor: t.axis, borderWidth: 1, padding: [8, 10],
      textStyle: { color: t.text, fontSize: 12, fontFamily: t.font },
      axisPointer: { lineStyle: { color: t.grey, width: 1 }, crossStyle: { color: t.grey }, shadowStyle: { color: t.line } },
    },
  };
}
