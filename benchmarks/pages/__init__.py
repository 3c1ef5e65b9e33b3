"""CPU time a page costs to read, from bytes to an article.

``python -m benchmarks.pages`` prints the table; ``--make-peers`` has general extractors beside it.
"""
