"""GradientCost: how long one gradient takes, over all rows and over one minibatch, measured here."""
