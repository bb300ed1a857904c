"""Lending: what becomes of a loan once it is funded, from the signed schedule to the last unit returned."""
