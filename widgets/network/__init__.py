"""The picture of a network: its plan, its numbers, and the view that draws them."""
