"""EarlyStoppingExplorer: where Keras would stop on a recorded curve, and whose weights it would bring back."""
