package eris.stores;

import eris.Reference;

/// A row of the database as far as a list tells: whose block, and how many bytes are there.
record RocksRow(Reference reference, int sizeBytes) {}
