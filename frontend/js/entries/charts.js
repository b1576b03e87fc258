// Loaded on demand by charts_loader.js when a page holds [data-chart].
export { draw, redraw } from "../charts/draw.js";
