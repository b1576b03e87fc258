// Builds everything a browser receives into dangol/ui/static/built: scripts, styles, fonts, icons, licences.
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { buildSprite } from "./sprite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../dangol/ui/static/built");
const watching = process.argv.includes("--watch");

const LICENCES = {
  "htmx.org": "LICENSE",
  echarts: "LICENSE",
  sortablejs: "LICENSE",
  "lucide-static": "LICENSE",
  "@alpinejs/csp": null,
  pretendard: null,
  "world-atlas": "LICENSE", // coasts and borders: Natural Earth, public domain
};
// Apps may add their own entry: frontend/js/entries/<name>.js becomes built/<name>.js.
const entries = async () =>
  (await readdir(join(here, "js/entries"))).filter((f) => f.endsWith(".js")).map((f) => join(here, "js/entries", f));

const common = {
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  target: ["es2022", "chrome125", "firefox128", "safari17.5"],
  logLevel: "info",
  outdir: out,
  legalComments: "none",
};

async function copyLicences() {
  await mkdir(join(out, "licences"), { recursive: true });
  for (const [name, file] of Object.entries(LICENCES)) {
    const folder = join(here, "node_modules", name);
    const target = join(out, "licences", `${name.replace(/[@/]/g, "_")}.txt`);
    if (file) await copyFile(join(folder, file), target);
    else await writeFile(target, await statedLicence(folder));
  }
}

async function statedLicence(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const css = join(folder, "dist/web/variable/pretendardvariable.css");
  const notice = await readFile(css, "utf8").then((text) => text.match(/\/\*[\s\S]*?\*\//)?.[0] ?? "", () => "");
  return `${name} ${version}\n${license}\n${author?.name ?? author ?? ""}\n\n${notice}\n`;
}

const scripts = {
  ...common,
  entryPoints: await entries(),
  format: "esm",
};
const styles = {
  ...common,
  entryPoints: [join(here, "css/shell.css")],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await buildSprite(join(here, ".."), join(here, "node_modules/lucide-static/icons"), join(out, "icons.svg"));
await copyLicences();
await copyFile(join(here, "node_modules/world-atlas/countries-10m.json"), join(out, "world.json"));
if (watching) {
  for (const options of [scripts, styles]) await (await esbuild.context(options)).watch();
} else {
  await Promise.all([esbuild.build(scripts), esbuild.build(styles)]);
}
