"""Proposals and ballots: a body of members decides, one member, one vote, whatever anybody paid."""
