import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { hasLegend, toOption } from "./option.js";
import { theme, tokens } from "./theme.js";

echarts.use([
  BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart,
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, CanvasRenderer, SVGRenderer,
]);

const drawn = new Map();

async function specOf(elt) {
  const source = elt.dataset.chart;
  if (!source.startsWith("/")) return JSON.parse(document.getElementById(source).textContent);
  const answer = await fetch(source, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`chart ${source}: ${answer.status}`);
  return answer.json();
}

function paint(elt, spec) {
  const t = tokens(elt);
  drawn.get(elt)?.chart.dispose();
  const place = elt.querySelector(".chart-canvas");
  // On paper charts are drawn as lines, not as dots: sharp at any size.
  const chart = echarts.init(place, theme(t), { renderer: document.documentElement.dataset.charts ?? "canvas" });
  const size = { width: place.clientWidth, height: place.clientHeight };
  chart.setOption(toOption({ lang: document.documentElement.lang, ...size, ...spec }, t));
  // Every figure links to what it is made of: links are one address per x.
  chart.on("click", ({ dataIndex, data }) => {
    const link = data?.link ?? spec.links?.[dataIndex];
    if (link) location.assign(link);
  });
  drawn.set(elt, { chart, spec, width: elt.clientWidth });
}

const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  const known = drawn.get(target);
  if (!known) return;
  // A map keeps its proportions, and names above bars break anew: those are laid out again, not stretched.
  const laid = known.spec.kind === "map" || (known.spec.series && hasLegend(known.spec));
  if (laid && known.width !== target.clientWidth) paint(target, known.spec);
  else if (known.spec.kind !== "map") known.chart.resize();
}));

export async function draw(elt) {
  const wait = elt.querySelector(".chart-wait");
  try {
    const spec = await specOf(elt);
    if (!elt.querySelector(".chart-canvas")) elt.prepend(Object.assign(document.createElement("div"), { className: "chart-canvas" }));
    await document.fonts.ready;
    paint(elt, spec);
    wait?.remove();
    sizes.observe(elt);
    elt.addEventListener("dangol:live", ({ detail }) => detail.data?.series && paint(elt, { ...spec, ...detail.data }));
  } catch (error) {
    console.error(error);
    if (wait) wait.textContent = elt.dataset.chartFailed ?? "";
  }
}

export function redraw() {
  for (const [elt, { chart, spec }] of drawn) {
    if (elt.isConnected) paint(elt, spec);
    else {
      chart.dispose();
      drawn.delete(elt);
    }
  }
}
