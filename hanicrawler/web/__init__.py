"""The archive in a browser: pages to read, on this machine, through Datasette.

Nothing here is imported unless somebody serves: the extra ``web`` brings what it needs.
"""
