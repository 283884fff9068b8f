"""Evaluate: points times strategies times replicates become finished runs in a store, whatever happens on the way."""
