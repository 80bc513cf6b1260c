"""Real Keras models trained live: engine (fast, exact), session (one worker), widget (LiveTraining)."""
