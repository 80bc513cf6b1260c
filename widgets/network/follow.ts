/** Follows one patient forward: values travel along the lines into the chosen unit, layer by layer. */
import type { Layout } from "./layout.ts";
import type { Place } from "./plan.ts";
import type { Make, Scene } from "./scene.ts";

const TRAVEL = 350;
const REST = 450;

export interface Walk {
  make: Make;
  svg: SVGSVGElement;
  scene: Scene;
  layout: Layout;
  /** For each layer, the unit whose sum is followed. */
  path: Place[];
  still: boolean;
  signal: AbortSignal;
  /** Called as each layer has its values. */
  arrived(place: Place): void;
}

export async function walk(
  { make, svg, scene, layout, path, still, signal, arrived }: Walk,
): Promise<void> {
  const stages = (reached: number) => {
    scene.layers.forEach(({ group }, l) => group.classList.toggle("fe-waiting", l > reached));
    scene.gaps.forEach(({ group }, l) => group.classList.toggle("fe-waiting", l >= reached));
  };
  if (!still) {
    svg.classList.add("fe-walking");
    for (let l = 1; l < path.length && !signal.aborted; l++) {
      stages(l - 1);
      scene.gaps[l - 1].group.classList.remove("fe-waiting");
      await travel(make, scene, layout, path[l], signal);
      if (signal.aborted) break;
      stages(l);
      arrived(path[l]);
      await pause(REST, signal);
    }
    svg.classList.remove("fe-walking");
  }
  stages(path.length);
  scene.dots.replaceChildren();
  if (still && !signal.aborted) path.slice(1).forEach(arrived);
}

async function travel(
  make: Make,
  scene: Scene,
  layout: Layout,
  to: Place,
  signal: AbortSignal,
): Promise<void> {
  const [left, right] = [layout.columns[to.layer - 1], layout.columns[to.layer]];
  scene.dots.replaceChildren();
  left.ys.forEach((y, position) => {
    if (scene.layers[to.layer - 1].units[position].group.classList.contains("fe-off")) return;
    const dot = make("circle", "fe-dot", scene.dots);
    dot.setAttribute("r", "3");
    dot.animate?.([
      { transform: `translate(${left.x}px, ${y}px)` },
      { transform: `translate(${right.x}px, ${right.ys[to.position]}px)` },
    ], { duration: TRAVEL, easing: "ease-out", fill: "both" });
  });
  await pause(TRAVEL, signal);
  scene.dots.replaceChildren();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
