"""tacit against its peers: the works, the arms, the ledger of what was run, and the tables made from it."""
