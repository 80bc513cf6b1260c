"""DataTour: from the table as it is to the inputs of the network, one row at a time."""
