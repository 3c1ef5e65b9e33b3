"""The past read again: captures through the very same pages and steps as a crawl's responses.

Knows archives, pages and the database, and no site: nothing here asks the network.
"""
