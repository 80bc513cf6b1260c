/** Bundles each widgets/<name>/view.ts and view.css into widgets/<name>/static. */
import { build, stop } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
// TensorView holds the stage of the operations and the player.
const budget = 56_000;
// LiveTraining holds the network picture, the player, the builder by layers, histograms and comparison of runs.
const training = 77_000;

for (const folder of Deno.readDirSync(here)) {
  const entry = `${here}${folder.name}/view.ts`;
  if (!folder.isDirectory || !exists(entry)) continue;
  const out = `${here}${folder.name}/static`;
  await build({
    entryPoints: [entry, `${here}${folder.name}/view.css`],
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    target: "es2022",
    logLevel: "warning",
  });
  const size = Deno.statSync(`${out}/view.js`).size;
  console.log(`${folder.name}/static/view.js ${size} bytes`);
  const most = folder.name === "training" ? training : budget;
  if (size > most) {
    throw new Error(`${folder.name}: ${size} bytes is over the budget of ${most}`);
  }
}
await stop();

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
