"""The model's description as far as it can be read off the code: parameters, processes, state, evidence."""
