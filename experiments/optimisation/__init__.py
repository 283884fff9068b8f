"""The verb `optimise`: search a programme under a budget, judge the best plans on lives it has not seen."""
