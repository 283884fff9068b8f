"""Fit the free parameters to the unchanged organisation: targets, search, ensemble, what cannot be told apart."""
