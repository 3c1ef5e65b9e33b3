"""Scrapy commands with options, validation and an exit status cron can trust."""

import gc

# Scrapy imports this before all else of ours.  What is imported stays: looking for cycles in it
# again and again, as Python does after every 700 objects, takes a tenth of the time of a run that
# finds nothing new.  The run sets its own measure when it begins.
gc.set_threshold(50_000, 20, 100)
