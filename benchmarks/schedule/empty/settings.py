"""Scrapy's defaults, and where the spider is: the least a Scrapy project can be."""

BOT_NAME = "empty"
SPIDER_MODULES = ["spiders"]
