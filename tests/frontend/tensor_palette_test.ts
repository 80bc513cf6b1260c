import {
  cellColour,
  colourOf,
  css,
  inkOn,
  mix,
  type Paint,
  type Palette,
  readPalette,
  type Rgb,
  ROLE,
  scaleOf,
  watchTheme,
} from "../../widgets/tensor/palette.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, drawingOf, openTensorPage } from "./tensor_page.ts";

const palette = {
  surface: [255, 255, 255],
  raised: [250, 250, 250],
  train: [0, 0, 200],
  valid: [200, 100, 0],
} as unknown as Palette;

function paint(cells: number[], more: Partial<Paint> = {}, marks = cells.map(() => 0)): Paint {
  return {
    drawing: drawingOf([cells.length], {
      cells: Float64Array.from(cells),
      marks: Uint8Array.from(marks),
    }),
    scale: scaleOf(0, 10),
    palette,
    text: false,
    full: 255,
    channelLayers: false,
    ...more,
  };
}

Deno.test("colours part in two around 0 where there are values below it, and go one way otherwise", () => {
  assertEquals(scaleOf(-1, 3).diverging, true);
  assertEquals(scaleOf(-5, -2).diverging, true);
  for (const [low, high] of [[0, 1], [2, 7], [0, 0]]) {
    assertEquals(scaleOf(low, high).diverging, false);
  }
});

Deno.test("in a signed scale 0 has no colour and the same distance on both sides is as strong", () => {
  const scale = scaleOf(-2, 8);
  assertEquals(colourOf(0, scale, palette), palette.raised);
  assertEquals(colourOf(8, scale, palette), palette.train);
  assertEquals(colourOf(-8, scale, palette), palette.valid);
  for (const value of [1, 2, 5]) {
    assertEquals(colourOf(value, scale, palette), mix(palette.raised, palette.train, value / 8));
    assertEquals(colourOf(-value, scale, palette), mix(palette.raised, palette.valid, value / 8));
  }
});

Deno.test("in a scale of one sign colour grows from the low end to the high end", () => {
  const scale = scaleOf(2, 6);
  assertEquals(colourOf(2, scale, palette), palette.raised);
  assertEquals(colourOf(4, scale, palette), mix(palette.raised, palette.train, 0.5));
  assertEquals(colourOf(6, scale, palette), palette.train);
});

Deno.test("values beyond the ends and infinities have the colours of the ends", () => {
  for (const scale of [scaleOf(2, 6), scaleOf(-6, 6)]) {
    assertEquals(colourOf(99, scale, palette), palette.train);
    assertEquals(colourOf(Infinity, scale, palette), palette.train);
  }
  assertEquals(colourOf(-Infinity, scaleOf(-6, 6), palette), palette.valid);
  assertEquals(colourOf(-99, scaleOf(2, 6), palette), palette.raised);
});

Deno.test("where all values are equal there is a colour, none for zeros", () => {
  assertEquals(colourOf(5, scaleOf(5, 5), palette), mix(palette.raised, palette.train, 0.5));
  assertEquals(colourOf(0, scaleOf(0, 0), palette), palette.raised);
});

Deno.test("NaN and words have no colour", () => {
  assertEquals(cellColour(paint([NaN, 7], {}, [1, 0]), 0, 0), palette.raised);
  assertEquals(cellColour(paint([7], { text: true }), 0, 0), palette.raised);
  assert(cellColour(paint([NaN, 7], {}, [1, 0]), 1, 0)[0] < 250);
});

Deno.test("a block with NaN among its numbers has the colour of their mean, one of NaN alone has none", () => {
  const marked = paint([4, NaN], {}, [3, 1]);
  assertEquals(cellColour(marked, 0, 0), mix(palette.raised, palette.train, 0.4));
  assertEquals(cellColour(marked, 1, 0), palette.raised);
});

Deno.test("a picture's pixel has its own colours, of bytes or of shares", () => {
  for (
    const [cells, full] of [[[10, 20, 30, 255, 0, 128], 255], [[10, 20, 30].map((c) => c / 255), 1]]
  ) {
    const drawing = drawingOf([1, (cells as number[]).length / 3, 3], {
      arrangement: arrange(3, "picture"),
      cells: Float64Array.from(cells as number[]),
    });
    const found = cellColour(paint([], { drawing, full: full as number }), 0, 0);
    assertEquals(found.map((level) => Math.round(level)), [10, 20, 30]);
  }
});

Deno.test("a transparent pixel shows the surface behind it, channels left out are black", () => {
  const drawing = drawingOf([1, 1, 4], {
    arrangement: arrange(3, "picture"),
    cells: Float64Array.from([100, 50, 0, 0]),
  });
  assertEquals(cellColour(paint([], { drawing }), 0, 0), palette.surface);
  const opaque = { ...drawing, cells: Float64Array.from([100, 50, 25, 255]) };
  assertEquals(cellColour(paint([], { drawing: opaque }), 0, 0), [100, 50, 25]);
  const only = paint([], { drawing: opaque, channels: [false, true, false, false] });
  assertEquals(cellColour(only, 0, 0), [0, 50, 0]);
});

Deno.test("layers that are colour channels are red, green and blue", () => {
  const colours = [0, 1, 2].map((layer) =>
    cellColour(paint([255], { channelLayers: true }), 0, layer)
  );
  colours.forEach((colour, channel) => {
    assertEquals(colour.indexOf(Math.max(...colour)), channel);
  });
  assertEquals(cellColour(paint([0], { channelLayers: true }), 0, 2), palette.raised);
});

Deno.test("every role has a token, none two", () => {
  assertEquals(Object.keys(ROLE), ["samples", "time", "height", "width", "channels"]);
  assertEquals(new Set(Object.values(ROLE)).size, 5);
});

Deno.test("the colours are those of the page", () => {
  const page = openTensorPage();
  const root = page.document.createElement("div");
  page.document.body.append(root);
  const found = readPalette(root);
  assertEquals(Object.keys(found).length, 12);
  for (const colour of Object.values(found)) {
    assert(colour.length === 3 && colour.every((level) => level >= 0 && level <= 255));
  }
  assert(new Set(Object.values(found).map(String)).size > 8);
  assertEquals(root.children.length, 0);
  page.restore();
});

Deno.test("a change between light and dark is heard until the view is closed", () => {
  const page = openTensorPage();
  const controller = new AbortController();
  watchTheme(controller.signal, () => {});
  assertEquals(page.observers(), 1);
  controller.abort();
  assertEquals(page.observers(), 0);
  page.restore();
});

Deno.test("colours are written as css, mixed and weighed", () => {
  assertEquals(css([1, 2, 3], 0.5), "rgb(1 2 3 / 0.5)");
  assertEquals(mix([0, 0, 0], [10, 20, 30], 0.5), [5, 10, 15]);
  const black: Rgb = [0, 0, 0], white: Rgb = [255, 255, 255];
  assertEquals([inkOn(black), inkOn(white)], [white, black]);
  const luminance = (colour: Rgb) =>
    colour.map((level) => level / 255).map((share) =>
      share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    ).reduce((sum, share, k) => sum + share * [0.2126, 0.7152, 0.0722][k], 0);
  for (let r = 0; r < 256; r += 15) {
    for (let g = 0; g < 256; g += 15) {
      for (let b = 0; b < 256; b += 15) {
        const [dark, light] = [inkOn([r, g, b]), [r, g, b] as Rgb].map(luminance).sort((x, y) =>
          x - y
        );
        assert((light + 0.05) / (dark + 0.05) >= 4.5, `${r} ${g} ${b}`);
      }
    }
  }
});
