"""Finished runs on disk, addressed by what decides them.

A run's key is a hash of everything that changes its result: the resolved scenario, the plan, seed, replicate and the
model itself. Runs lie in shards (Parquet files with a few dozen runs); a shard appears complete or not at all.
"""
