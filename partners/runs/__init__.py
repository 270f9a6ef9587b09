"""What takes workers a while, as rows of work, in batches: a batch and how far it got are one
transaction."""
