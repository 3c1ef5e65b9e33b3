"""What archives cost to read, and to read into a database.

``python -m benchmarks.archives`` prints the tables; ``--write`` puts them into docs/speed.md.
"""
