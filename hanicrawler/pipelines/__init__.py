"""One step a module, in the order they run.

The steps import the room they use when the first page comes: a scheduled run that finds nothing
new has no use for it.
"""
