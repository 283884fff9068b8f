"""A synthetic industry that is asked what the firms of a published survey were asked."""
