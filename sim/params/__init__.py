"""Every parameter of the model, with unit, range, source and evidence grade."""
