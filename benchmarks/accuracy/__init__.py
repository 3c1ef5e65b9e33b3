"""Every field of every page, read by this project and by general extractors.

``python -m benchmarks.accuracy`` scores this project alone; with ``--make-peers --write`` it
scores all of them and writes docs/accuracy.md.
"""
