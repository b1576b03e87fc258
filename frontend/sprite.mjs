// One SVG sprite from only the icons that the sources name: {% icon "x" %}, icon="x", icon_name="x", icon: "x".
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAMED = /\bicon(?:_name)?(?:\s*[=:]\s*|\s+)["']([a-z][a-z0-9-]*)["']/g;

async function* sources(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (["node_modules", "static", "tests", "__pycache__"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(html|py|js)$/.test(entry.name)) yield path;
  }
}

async function iconsUsed(root) {
  const always = JSON.parse(await readFile(join(root, "frontend/icons.json"), "utf8"));
  const used = new Map(always.map((name) => [name, "frontend/icons.json"]));
  for (const folder of ["dangol", "frontend/js"]) {
    for await (const path of sources(join(root, folder))) {
      for (const [, name] of (await readFile(path, "utf8")).matchAll(NAMED)) used.set(name, path);
    }
  }
  return used;
}

export async function buildSprite(root, icons, target) {
  const symbols = [];
  for (const [name, path] of [...(await iconsUsed(root))].sort()) {
    const svg = await readFile(join(icons, `${name}.svg`), "utf8").catch(() => null);
    if (!svg) {
      console.warn(`icon "${name}" (named in ${path}) is not a Lucide icon`);
      continue;
    }
    const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`);
  }
  await writeFile(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  console.log(`${symbols.length} icons`);
}
