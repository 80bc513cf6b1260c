"""A whole class on one server: kernels forked from a process that has imported everything. No page in here."""
