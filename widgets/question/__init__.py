"""A question with an answer, and a sentence for every wrong one."""
