"""Pools: money a sponsor lays by for a petition, a bonus if a gift fails or a reserve for those who lend."""
