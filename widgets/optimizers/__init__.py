"""OptimizerRace: Keras's optimizers on one surface, step for step."""
