"""Payments: gateways behind one narrow door."""
