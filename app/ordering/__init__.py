"""Group orders: the price, who picks up what where, and what goes back for missing units."""
