"""What a run costs that finds nothing new, however much is stored, against an empty crawl.

``python -m benchmarks.schedule`` lets the real command crawl the invented newspaper into SQLite
and PostgreSQL, fills the database up, and runs the command again and again.
"""
