"""The phases of a month, one file each, in the order of the model description."""
