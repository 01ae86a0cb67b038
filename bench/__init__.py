"""Is it fast enough? Each subject is measured against the least that the same work could cost, in one run.

Only ratios are judged: both sides run in turns on the same machine, so that a slow or busy one slows both. `python -m
bench` (or `make bench`) prints them with the bound that each should hold and writes `DATA_DIR/bench.json`. What is
measured, and how, is in docs/speed.md.
"""
