"""Benchmarks: what a run costs, as ratios against a floor and against a peer in the same run."""
