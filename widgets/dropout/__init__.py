"""DropoutView: the masks a Dropout layer really drew, batch by batch, on the network itself."""
