"""Designs: which points of the parameter space a study looks at.

A design is a function of factors and settings that returns a table with one row per point and one column per factor,
by dotted name. Every kind has a file of its own here and a row in `KINDS`; nothing in this package runs the model.
"""
