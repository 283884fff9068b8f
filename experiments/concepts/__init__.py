"""The table of concepts: every concept of the sources, the switch that turns it on, and what switching it does."""
