"""Pictures of Question in all its kinds and states, for gallery.py."""

from gallery_tensor import Scene

CHOICE = """widgets.Question(
    "A training set of 242 patients, batches of 32. What is one epoch?",
    ["One update of the weights", "One pass through all 242 patients", "One pass through a batch of 32 patients",
     "As many updates as it takes until the validation loss `val_loss` rises for the first time, however long it is"],
    answer="One pass through all 242 patients",
    feedback={
        "One update of the weights": "That is a step: an epoch has one for each batch.",
        "One pass through a batch of 32 patients": "After a batch the weights change once. How many patients are left?",
        "As many updates as it takes until the validation loss `val_loss` rises for the first time, however long it is":
            "That is early stopping. An epoch is counted, not waited for.",
    },
    explanation="All rows have been used once: 8 batches, so 8 updates.", hint="`model.fit(x, y, epochs=300)` makes "
    "300 of them.", name="gallery/choice")"""
NUMBER = """widgets.Question(
    "A Dense layer of 16 units reads 29 inputs. How many parameters does it have?", answer=480,
    feedback={464: "Those are the weights, 29 × 16. Each unit has a bias, too.", "else": "Count the weights first."},
    explanation="29 × 16 weights and 16 biases.", name="gallery/number")"""
TEXT = """widgets.Question(
    "Which callback ends a training once the validation loss no longer falls?",
    answer=["EarlyStopping", "early stopping"],
    feedback={"dropout": "That is a layer.", "else": "Its name says what it does: it stops, early."},
    hint="`keras.callbacks.` and then?", name="gallery/text")"""


def questions(camera, kernel):
    """Question: each kind, wrong, twice wrong, shown and right, and a prediction before and after the guess."""
    scene = Scene(camera, kernel, ".fe-question")

    def told(words):
        scene.root.get_by_role("status").filter(has_text=words).wait_for()

    scene.show(CHOICE)
    scene.take("question_choice-open")
    for option in (0, 2):
        scene.root.get_by_role("radio").nth(option).check()
        scene.root.get_by_role("button", name="Check").click()
        told(("That is a step", "", "After a batch")[option])
    scene.root.get_by_text("A hint", exact=True).click()
    scene.take("question_choice-wrong-twice")
    scene.root.get_by_role("button", name="Show the answer").click()
    told("The answer: One pass through all")
    scene.take("question_choice-shown")
    kernel.run("view.reset(); view.submit('One pass through all 242 patients')")
    told("✓ Right.")
    scene.take("question_choice-right")

    scene.show(NUMBER)
    scene.root.get_by_role("button", name="Check").click()
    told("Type a number first")
    scene.take("question_number-missing")
    scene.root.get_by_role("textbox").fill("464")
    scene.root.get_by_role("textbox").press("Enter")
    told("Those are the weights")
    scene.take("question_number-wrong")
    scene.root.get_by_role("textbox").fill("480")
    scene.root.get_by_role("textbox").press("Enter")
    told("✓ Right.")
    scene.take("question_number-right")
    scene.show(TEXT)
    scene.root.get_by_role("textbox").fill("Dropout")
    scene.root.get_by_role("textbox").press("Enter")
    told("That is a layer.")
    scene.take("question_text-wrong")

    kernel.run("from firstepoch.lessons import descent_tasks")
    scene.show("descent_tasks.two_valleys(step := widgets.GradientStep('two minima'), descent_tasks.diverges(step))")
    scene.take("question_predict-open")
    scene.root.get_by_role("radio").first.check()
    scene.root.get_by_role("button", name="This is my guess").click()
    told("○ Not this time.")
    scene.take("question_predict-guessed")
