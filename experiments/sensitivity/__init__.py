"""The verbs `screen` and `sobol`: which assumptions matter at all, and how much of the variance each explains.

A method is a pure function in a small file of its own (`elementary`, `indices`): the outcome at every point of its
design goes in, a table with one row per factor comes out. Nothing here samples or runs the model.
"""
