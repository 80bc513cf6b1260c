"""LossView: binary cross-entropy row by row, its mean, and how both move with one output and with one bias."""
