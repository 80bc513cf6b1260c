"""ModelStyles: one model, written sequential, functional and subclassed."""
