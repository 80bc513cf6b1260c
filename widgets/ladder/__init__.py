"""The lecture's story of tensors, from one number to a batch of films."""
