"""Scrapy commands with options, validation and an exit status cron can trust."""
