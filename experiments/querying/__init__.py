"""The verb `query`: SQL over the tables that a command has saved, months of every run included."""
