"""A co-operative after its founding: members, what they decide, how a surplus is shared, how one leaves."""
