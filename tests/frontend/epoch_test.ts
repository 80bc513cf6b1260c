import { batchAt, notchOf } from "../../widgets/epoch/form.ts";
import { orderOf, Timeline } from "../../widgets/epoch/timeline.ts";
import {
  gdBoxes,
  read,
  type Scene,
  sentenceOf,
  sgdBoxes,
  shownUpdate,
} from "../../widgets/epoch/words.ts";
import { assert, assertEquals } from "./assert.ts";
import { framesOf, REPORT } from "./epoch_page.ts";

function scene(frame: number, updates = 6): Scene {
  const frames = framesOf(updates);
  return {
    frames,
    report: REPORT,
    moment: new Timeline(updates, 3).at(frame),
    epochs: 2,
    learningRate: 0.1,
    shuffled: true,
  };
}

Deno.test("epoch: a timeline has a shuffle an epoch, five stages an update, and an end", () => {
  const time = new Timeline(6, 3);
  assertEquals(time.length, 2 * (1 + 5 * 3) + 1);
  const stages = Array.from({ length: 7 }, (_, frame) => time.at(frame).stage);
  assertEquals(stages, ["shuffle", "deal", "predictions", "loss", "gradient", "update", "deal"]);
  assertEquals(time.at(16), { stage: "shuffle", update: 3, epoch: 1, batch: 0 });
  assertEquals(time.at(32), { stage: "done", update: 6, epoch: 1, batch: 2 });
  assertEquals(time.epochStarts, [0, 16]);
  assertEquals(time.updateStarts, [1, 6, 11, 17, 22, 27]);
});

Deno.test("epoch: every frame of a timeline is found again from what it shows", () => {
  for (const [updates, batches] of [[6, 3], [5, 3], [1, 1], [4, 1], [7, 7], [2, 7]]) {
    const time = new Timeline(updates, batches);
    for (let frame = 0; frame < time.length; frame++) {
      const { stage, update } = time.at(frame);
      assertEquals([updates, batches, time.frameOf(update, stage)], [updates, batches, frame]);
    }
  }
});

Deno.test("epoch: after a change the learner stays where as many rows were processed", () => {
  const time = new Timeline(6, 3), frames = framesOf(6);
  const moment = time.at(time.frameOf(4, "gradient"));
  assertEquals(
    time.find(moment, frames.value("processed", 4), frames),
    time.frameOf(4, "gradient"),
  );
  // 4 rows lie between the first and the second batch.
  assertEquals(time.find({ ...moment, stage: "loss" }, 4, frames), time.frameOf(1, "loss"));
  // A shuffle is only where an epoch begins.
  assertEquals(time.find({ ...moment, stage: "shuffle" }, 4, frames), time.frameOf(1, "deal"));
  assertEquals(time.find({ ...moment, stage: "done" }, 14, frames), time.length - 1);
});

Deno.test("epoch: the deck lies in the order of the deal", () => {
  const frames = framesOf(6);
  assertEquals([...orderOf(frames, new Timeline(6, 3), 0, 7)], [4, 0, 6, 2, 1, 5, 3]);
  // Broken off after the second update of the epoch: what was not dealt follows in the table's order.
  assertEquals([...orderOf(framesOf(1), new Timeline(1, 3), 0, 7)], [4, 0, 6, 1, 2, 3, 5]);
});

Deno.test("epoch: the slider of the batch size reaches every end and comes back", () => {
  for (const rows of [2, 7, 242, 10_000]) {
    assertEquals([batchAt(0, rows), batchAt(1000, rows)], [1, rows]);
    assertEquals([notchOf(1, rows), notchOf(rows, rows)], [0, 1000]);
    let before = 0;
    for (let notch = 0; notch <= 1000; notch++) {
      assert(batchAt(notch, rows) >= before);
      before = batchAt(notch, rows);
    }
  }
  assertEquals([batchAt(500, 1), notchOf(1, 1)], [1, 0]);
});

Deno.test("epoch: sentences say what the frame holds", () => {
  assertEquals(
    sentenceOf(scene(0)),
    "Epoch 1 of 2 begins: the 7 rows are shuffled and cut into 3 batches of 3, the last one of 1.",
  );
  assertEquals(
    sentenceOf(scene(6)),
    "Batch 2 of 3: 3 rows are dealt. Gradient descent reads the same rows.",
  );
  assertEquals(
    sentenceOf(scene(8)),
    "Batch 2 of 3: the mean loss of its rows is 0.550; over all 7 rows it is 0.650 at the same weights.",
  );
  assertEquals(
    sentenceOf(scene(9)),
    "Batch 2 of 3: its gradient points 19° away from the full gradient; its size is 0.500, the full one’s 0.400.",
  );
  assertEquals(
    sentenceOf(scene(10)),
    "SGD’s update 2: the loss over all rows goes from 0.650 to 0.600. Gradient descent has read the same 6 rows and not moved yet.",
  );
  assertEquals(
    sentenceOf(scene(15)),
    "SGD’s update 3: the loss over all rows goes from 0.600 to 0.550. All 7 rows are read: gradient descent makes its update 1, to 0.690.",
  );
  assertEquals(
    sentenceOf(scene(21)),
    "SGD’s update 4: the loss over all rows goes from 0.550 to 0.500. Gradient descent has read the same 3 rows and not moved since its update 1.",
  );
  assertEquals(
    sentenceOf(scene(32)),
    "After 14 rows each: gradient descent made 2 updates, loss 0.680; SGD made 6 updates, loss 0.400.",
  );
});

Deno.test("epoch: a box is empty until its stage is reached, and gradient descent waits for all rows", () => {
  assertEquals(sgdBoxes(scene(6)), { predictions: "", loss: "", gradient: "", update: "" });
  assertEquals(sgdBoxes(scene(8)), {
    predictions: "3 rows",
    loss: "0.550",
    gradient: "",
    update: "",
  });
  assertEquals(sgdBoxes(scene(10)).update, "moved 0.0500");
  assertEquals(gdBoxes(scene(10)), {
    predictions: "6 of 7",
    loss: "adding up",
    gradient: "adding up",
    update: "not yet",
  });
  assertEquals(gdBoxes(scene(15)), {
    predictions: "7 rows",
    loss: "0.700",
    gradient: "size 0.300",
    update: "moved 0.0300",
  });
});

Deno.test("epoch: rows are counted within their epoch, and an update shows the weights after it", () => {
  assertEquals([0, 1, 6, 11, 16, 17, 32].map((frame) => read(scene(frame))), [0, 3, 6, 7, 0, 3, 7]);
  assertEquals([4, 5, 6].map((frame) => shownUpdate(scene(frame).moment)), [0, 1, 1]);
});
