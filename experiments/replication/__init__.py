"""The verb `plan-reps`: from a pilot of paired runs to the number of replicates that shows a difference."""
