"""The ledger: append-only double-entry books."""
