// Places on longitude and latitude: a circle's size is what stands behind it, its shade the figure.
//   {"kind": "map", "points": [{name, at: [longitude, latitude], value, weight, link}], "outlines": [[[x, y], …], …]}
// No tiles from the network; lines of coasts and borders are drawn where a geography lends them.
import { onAxis, show } from "./option.js";

const EDGE = 48;

// Degrees of longitude shrink towards the poles: one scale for both, and the places in the middle.
// Coasts reach beyond the places: they are cut where the map ends.
function extents({ points, outlines = [], width = 800, height = 500 }) {
  const all = points.map(({ at }) => at);
  const [xs, ys] = [0, 1].map((n) => all.map((one) => one[n]));
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const shrink = Math.cos((((bottom + top) / 2) * Math.PI) / 180) || 1;
  const unit = Math.max(((right - left) * shrink) / Math.max(width - 2 * EDGE, 50), (top - bottom) / Math.max(height - 2 * EDGE, 50), outlines.length ? 0.6 / width : 0.0005);
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  const [wide, high] = [(unit * width) / 2 / shrink, (unit * height) / 2];
  return { x: [x - wide, x + wide], y: [y - high, y + high] };
}

const axis = (t, [min, max], bare) => ({
  type: "value", min, max, axisLabel: { show: false }, axisLine: { show: false }, axisTick: { show: false },
  interval: max - min > 4 ? 1 : max - min > 1 ? 0.5 : 0.1, splitLine: { show: !bare, lineStyle: { color: t.line, width: 1 } },
});

function borders(outlines, t) {
  return {
    type: "custom", silent: true, z: 1, clip: true, data: outlines.map((_line, index) => [index]),
    renderItem: (params, api) => ({
      type: "polyline", shape: { points: outlines[params.dataIndex].map((spot) => api.coord(spot)) },
      style: { stroke: t.grey, fill: "none", lineWidth: 1 },
    }),
  };
}

export function map(spec, t) {
  const { x, y } = extents(spec.points.length ? spec : { ...spec, points: [{ at: [127.5, 36.3] }] });
  const heaviest = Math.max(1, ...spec.points.map(({ weight }) => weight));
  const many = spec.points.length > 120;
  const figures = spec.points.map(({ value }) => value).sort((a, b) => a - b);
  // One place far above all others would leave these pale: the shades end where 95 of 100 places lie.
  const highest = figures.at(-1) || 1;
  const dark = figures.length > 20 && figures[Math.floor(figures.length * 0.95)] > figures[0] ? figures[Math.floor(figures.length * 0.95)] : highest;
  // The largest lie at the bottom, so that small ones beside them can be pointed at.
  const data = [...spec.points].sort((a, b) => b.weight - a.weight).map((one) => ({
    name: one.name, value: [...one.at, one.value, one.weight], link: one.link,
    symbolSize: (many ? 4 : 8) + (many ? 12 : 30) * Math.sqrt(one.weight / heaviest),
  }));
  // Of a thousand sites only the largest are named; the others tell their names when pointed at.
  for (const one of many ? data.slice(12) : []) one.label = { show: false };
  // Names at the right edge stand to the left of their place.
  for (const one of data) if (one.value[0] > x[0] + (x[1] - x[0]) * 0.68) one.label = { ...one.label, position: "left" };
  return {
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    tooltip: { trigger: "item", formatter: ({ name, value }) => `${name}\n${spec.label}  ${show(spec)(value[2])}${value[3] === value[2] ? "" : `\nn  ${value[3].toLocaleString(spec.lang)}`}` },
    xAxis: axis(t, x, spec.outlines?.length), yAxis: axis(t, y, spec.outlines?.length),
    visualMap: {
      type: "continuous", dimension: 2, min: figures[0] ?? 0, max: dark, calculable: false, orient: "horizontal", right: 16, bottom: 12,
      itemWidth: 8, itemHeight: 110, textStyle: { color: t.muted, fontSize: 12 }, formatter: show(spec), precision: spec.digits ?? 1,
      text: figures.length ? [`${dark < highest ? "≥ " : ""}${onAxis(spec)(dark)}`, onAxis(spec)(figures[0])] : undefined, textGap: 8,
      inRange: { color: [t.pale, t.accent] },
    },
    series: [
      ...(spec.outlines?.length ? [borders(spec.outlines, t)] : []),
      {
        type: "scatter", data, z: 3, cursor: "pointer", itemStyle: { borderColor: t.raised, borderWidth: many ? 0.5 : 1, opacity: many ? 0.8 : 0.92 },
        label: { show: true, position: "right", formatter: "{b}", color: t.soft, fontSize: 12, textBorderColor: t.raised, textBorderWidth: 2 },
        labelLayout: { hideOverlap: true }, emphasis: { scale: 1.15, label: { show: true, color: t.text } },
      },
    ],
  };
}
