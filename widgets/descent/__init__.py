"""GradientStep: gradient descent on a function of one or two weights, step by step."""
