import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { toOption } from "./option.js";
import { theme, tokens } from "./theme.js";

echarts.use([
  BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart,
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, CanvasRenderer,
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
  const chart = echarts.init(place, theme(t), { renderer: "canvas" });
  chart.setOption(toOption({ lang: document.documentElement.lang, ...spec }, t));
  // Every figure links to what it is made of: links are one address per x.
  chart.on("click", ({ dataIndex }) => spec.links?.[dataIndex] && location.assign(spec.links[dataIndex]));
  drawn.set(elt, { chart, spec });
}

const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => drawn.get(target)?.chart.resize()));

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
