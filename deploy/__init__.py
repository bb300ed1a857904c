"""Running Dure on somebody's servers and machines."""
