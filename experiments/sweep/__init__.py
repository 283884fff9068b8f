"""The verb `sweep`: points of a design, times strategies, times replicates."""
