"""Pages a second of ``scrapy crawl hani`` against a bare Scrapy spider, and its memory.

``python -m benchmarks.crawl`` runs the real command, in a process of its own, on the invented
newspaper, which another process serves.
"""
