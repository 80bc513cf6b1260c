"""Distribution: the same updates on one device and on two, by a real tf.distribute run in a second Python."""
