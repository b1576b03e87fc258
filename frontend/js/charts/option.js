// From a short chart description to an ECharts option.
//   {"kind": "line|bar|rank|scatter|heat|funnel|treemap|sankey", "x": [...], "series": [{"name", "data", "role"}]}
// role: "main" (accent) · "compare" (grey line) · "earlier" (the line or bar "of" that place, paler) · "interval" ([low, high] pairs) · "goal" (dashed).
// Anything else is passed on as a full ECharts option under "option".
import { map } from "./map.js";

const GRID = { left: 4, right: 12, top: 16, bottom: 2, containLabel: true };

export function toOption(spec, t) {
  if (spec.option) return spec.option;
  const build = { line: cartesian, bar: cartesian, rank, scatter, heat, funnel, treemap, sankey, map }[spec.kind ?? "line"];
  return { animationDuration: 200, aria: { enabled: true, label: { description: spec.label } }, ...build(spec, t) };
}

export const show = (spec) => (value) => (value == null ? "–" : `${(+value).toLocaleString(spec.lang, { minimumFractionDigits: spec.digits ?? 0, maximumFractionDigits: spec.digits ?? 1 })}${spec.unit ?? ""}`);

// An axis says per cent; other units stand in the title.
// Ten billions are told in a few letters: 100억, 10B.
export const onAxis = (spec) => (value) => Math.abs(value) >= 100_000
  ? (+value).toLocaleString(spec.lang, { notation: "compact", maximumFractionDigits: 1 })
  : show({ ...spec, unit: spec.unit === "%" ? "%" : "" })(value);

// A Korean letter is twice as wide as a Latin one.
const widthOf = (name = "") => [...name].reduce((width, letter) => width + (letter > "\u1100" ? 12 : 6.8), 0);
const named = (series) => series.filter(({ role }) => role !== "earlier");

// What the longest name at the end of a line needs.
const room = (series) => 18 + Math.max(...named(series).map(({ name }) => widthOf(name)));

const LEGEND_LINE = 22;
export const hasLegend = (spec) => spec.kind === "bar" && !spec.plain && spec.series.length > 1;

// How high the names above the bars stand: as many lines as they need at this width.
function legendRoom(spec) {
  let lines = 1, used = 0;
  for (const { name } of named(spec.series)) {
    const width = 15 + widthOf(name) + 10;
    if (used && used + width > (spec.width ?? Infinity)) [lines, used] = [lines + 1, 0];
    used += width;
  }
  return 10 + lines * LEGEND_LINE;
}

function cartesian(spec, t) {
  const direct = spec.series.length > 1 && spec.kind !== "bar" && !spec.plain;
  const series = spec.series.flatMap((one, index) => oneSeries(spec, one, t, index, direct));
  return {
    grid: { ...GRID, right: direct ? room(spec.series) : 12, top: hasLegend(spec) ? legendRoom(spec) : 16 },
    tooltip: { trigger: "axis", valueFormatter: show(spec) },
    legend: hasLegend(spec) ? { data: named(spec.series).map((one) => one.name) } : undefined,
    xAxis: { type: spec.time ? "time" : "category", data: spec.time ? undefined : spec.x, boundaryGap: spec.kind === "bar" },
    yAxis: { type: "value", minInterval: spec.digits === 0 ? 1 : undefined, min: spec.kind === "bar" ? 0 : spec.min, max: spec.max, interval: spec.min === 0 && spec.max === 100 ? 25 : undefined, scale: spec.kind !== "bar" && spec.min == null, axisLabel: { formatter: onAxis(spec), showMinLabel: spec.plain ? false : undefined, showMaxLabel: spec.plain ? false : undefined } },
    series,
  };
}

// Eight lines have eight colours; where one is the main line, the others keep off its colour.
const colorOf = (spec, t, index) => spec.series.some(({ role }) => role === "main") ? t.series[1 + (index % (t.series.length - 1))] : t.series[(index + 1) % t.series.length];

function oneSeries(spec, one, t, index, direct) {
  if (one.role === "interval") return band(one, t);
  if (one.role === "earlier") return [earlier(one, colorOf(spec, t, one.of))];
  const grey = one.role === "compare" || one.role === "goal";
  const color = grey ? t.grey : one.token ? t.pick(one.token) : one.meaning ? t[one.meaning] : one.role === "main" || spec.series.length === 1 ? t.accent : colorOf(spec, t, one.at ?? index);
  const type = grey ? "line" : (one.kind ?? spec.kind ?? "line");
  return [{
    name: one.name, type, data: one.data, stack: one.stack, color,
    // A point between two gaps would be no line at all.
    showSymbol: type === "line" && one.data.some((value, at) => value != null && one.data[at - 1] == null && one.data[at + 1] == null),
    symbol: "circle",
    itemStyle: one.stack ? { borderRadius: 0 } : undefined,
    lineStyle: type === "line" ? { width: grey ? 1.5 : 2, type: one.role === "goal" ? "dashed" : "solid" } : undefined,
    endLabel: direct && type === "line" ? { show: true, formatter: "{a}", color: grey ? t.muted : color, fontSize: 12, fontWeight: grey ? 400 : 600, distance: 6 } : undefined,
    labelLayout: direct ? { moveOverlap: "shiftY" } : undefined,
    z: grey ? 2 : 3,
  }];
}

// The same of the compared period: it belongs to its line or bar and stands behind it.
const earlier = (one, color) => ({
  name: one.name, type: one.kind, data: one.data, color, z: 1, silent: false, showSymbol: false,
  itemStyle: { opacity: 0.35 }, lineStyle: one.kind === "line" ? { width: 1.5, type: [4, 4], opacity: 0.6 } : undefined,
});

// The interval is drawn as a pale band between low and high.
function band(one, t) {
  const line = { type: "line", stack: one.name, symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false }, z: 1 };
  return [
    { ...line, name: `${one.name}-low`, data: one.data.map((pair) => pair?.[0] ?? null) },
    { ...line, name: one.name, data: one.data.map((pair) => (pair ? pair[1] - pair[0] : null)), areaStyle: { color: t.accent, opacity: 0.12 } },
  ];
}

// Ranked bars, names at the left, value at the end, optional interval whiskers.
function rank(spec, t) {
  const [one] = spec.series;
  const spoken = new Set(spec.spoken ?? []);
  const bars = {
    type: "bar", name: one.name, barWidth: 14,
    data: one.data.map((value, index) => ({ value, itemStyle: { color: !spoken.size || spoken.has(index) ? t.accent : t.pale, borderRadius: [0, 2, 2, 0] } })),
    label: { show: true, position: "right", color: t.soft, fontSize: 12, formatter: ({ value }) => onAxis(spec)(value), distance: spec.intervals ? 26 : 6 },
  };
  return {
    grid: { ...GRID, top: 0, right: 56 },
    tooltip: spec.before
      ? { trigger: "item", formatter: ({ name, dataIndex }) => `${name}\n${one.name}  ${show(spec)(one.data[dataIndex])}\n${spec.beforeName}  ${show(spec)(spec.before[dataIndex])}` }
      : { trigger: "item", valueFormatter: show(spec) },
    xAxis: { type: "value", min: 0, max: spec.max ?? (spec.before ? Math.max(...spec.before, ...one.data) : undefined), axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: { type: "category", data: spec.x, inverse: true, axisLine: { show: false }, axisLabel: { color: t.soft } },
    series: [bars, ...(spec.intervals ? [whiskers(spec.intervals, t)] : []), ...(spec.before ? [ticks(spec.before, t)] : [])],
  };
}

function whiskers(intervals, t) {
  return {
    type: "custom", silent: true, z: 5, data: intervals.map(([low, high], index) => [index, low, high]), encode: { x: [1, 2], y: 0 },
    renderItem(params, api) {
      const [x1, y] = api.coord([api.value(1), api.value(0)]);
      const [x2] = api.coord([api.value(2), api.value(0)]);
      const style = { stroke: t.soft, lineWidth: 1 };
      const line = (a, b, c, d) => ({ type: "line", shape: { x1: a, y1: b, x2: c, y2: d }, style });
      return { type: "group", children: [line(x1, y, x2, y), line(x1, y - 3, x1, y + 3), line(x2, y - 3, x2, y + 3)] };
    },
  };
}

// A short stroke across each bar where the figure stood before.
function ticks(values, t) {
  return {
    type: "custom", silent: true, z: 5, data: values.map((value, index) => [index, value]), encode: { x: 1, y: 0 },
    renderItem(params, api) {
      if (!values[params.dataIndex]) return undefined;
      const [x, y] = api.coord([api.value(1), api.value(0)]);
      return { type: "line", shape: { x1: x, y1: y - 10, x2: x, y2: y + 10 }, style: { stroke: t.text, lineWidth: 2 } };
    },
  };
}

function scatter(spec, t) {
  return {
    grid: GRID,
    tooltip: { trigger: "item" },
    xAxis: { type: "value", name: spec.xName, nameLocation: "middle", nameGap: 26, scale: true },
    yAxis: { type: "value", name: spec.yName, scale: true },
    series: spec.series.map((one, index) => ({ type: "scatter", name: one.name, data: one.data, symbolSize: 7, color: index ? t.grey : t.accent, itemStyle: { opacity: 0.75 } })),
  };
}

function heat(spec, t) {
  const values = spec.data.map((cell) => cell[2]).filter((value) => value != null);
  return {
    grid: { ...GRID, top: 4 },
    tooltip: { trigger: "item" },
    xAxis: { type: "category", data: spec.x, axisLine: { show: false } },
    yAxis: { type: "category", data: spec.y, inverse: true, axisLine: { show: false } },
    visualMap: { show: false, min: spec.min ?? Math.min(...values), max: spec.max ?? Math.max(...values), inRange: { color: [t.accentSoft, t.accent] } },
    series: [{ type: "heatmap", data: spec.data, itemStyle: { borderColor: t.raised, borderWidth: 2, borderRadius: 3 } }],
  };
}

function funnel(spec, t) {
  return {
    tooltip: { trigger: "item" },
    series: [{ type: "funnel", sort: "none", left: 0, right: 120, top: 4, bottom: 4, gap: 2, data: spec.data.map((one, index) => ({ ...one, itemStyle: { color: index ? t.pale : t.accent } })), label: { position: "right", color: t.soft, formatter: ({ name, value }) => `${name}  ${show(spec)(value)}` }, labelLine: { show: false } }],
  };
}

function treemap(spec, t) {
  return { tooltip: { trigger: "item" }, series: [{ type: "treemap", roam: false, nodeClick: "link", breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0, data: spec.data, itemStyle: { borderColor: t.raised, gapWidth: 2 } }] };
}

function sankey(spec, t) {
  return { tooltip: { trigger: "item" }, series: [{ type: "sankey", left: 4, right: 96, top: 8, bottom: 8, nodeGap: 12, nodeWidth: 10, data: spec.nodes, links: spec.links, label: { color: t.soft, fontSize: 12 }, lineStyle: { color: t.grey, opacity: 0.25 }, itemStyle: { borderWidth: 0 } }] };
}
