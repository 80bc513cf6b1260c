"""KerasStack: what lies under one line of Keras, read off this machine."""
