"""Scrapy's settings for ``scrapy crawl hani``, each with the reason for its value.

A name in capitals that begins with HANICRAWLER may come from the environment too: ``-s``
beats the environment, the environment beats this file (see extensions/environment.py).
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any, Final

from hanicrawler import __version__

BOT_NAME = "hanicrawler"
SPIDER_MODULES = ["hanicrawler.spiders"]
NEWSPIDER_MODULE = "hanicrawler.spiders"
# `scrapy crawl` with checks before the start and an exit status that cron can trust.
COMMANDS_MODULE = "hanicrawler.commands"
ADDONS = {"hanicrawler.extensions.environment.Environment": 100}

# --- Ours -----------------------------------------------------------------------------------

# Database URL or path of a SQLite file; None is hanicrawler.db in the working folder.
HANICRAWLER_DATABASE: str | None = None
# Another root for every host of the site (http://127.0.0.1:8000); None is the site itself.
HANICRAWLER_SITE: str | None = None
# Who runs this crawler: a web page or mail address, which the user agent names.  Only its
# operator knows it, so there is no default.
HANICRAWLER_CONTACT: str | None = None

# Folder in which every response is kept (WARC); None is archive/ beside the database's file, or
# in the working folder for any other database.  Empty is none: parsers improve and sites change,
# and a page that was not kept is lost.
HANICRAWLER_ARCHIVE: str | None = None
# Megabytes after which the next file is begun: some 5,000 pages, which one copies in a second
# and which a budget can do without.
HANICRAWLER_ARCHIVE_FILE_MB = 64.0
# Gigabytes the folder may hold, the oldest files go first; None is no bound.  Some 1.5 million
# pages: the whole English edition and years of looking at it again.
HANICRAWLER_ARCHIVE_MAX_GB: float | None = 20.0
# Days after which a file goes; None is never: what is old is what nobody can fetch again.
HANICRAWLER_ARCHIVE_MAX_DAYS: float | None = None

# Read article pages in a second process once a run is long.  At a polite pace reading takes
# no time to speak of; where nothing waits between pages it takes half of it.
HANICRAWLER_SECOND_READER = False

# --- What a scheduled run asks for ----------------------------------------------------------

# How often an article is looked at again, by its age: until it is 3 hours old every 15 minutes,
# until a day old every hour, and so on; older than the last, never.
HANICRAWLER_REVISIT = "3h:15m 1d:1h 7d:3h 30d:3d 365d:30d"
# Fetches that fail before a page that was never read is given up: at first 15 minutes apart,
# then twice as long each time.
HANICRAWLER_ATTEMPTS = 5
# List pages of a section that a run without a period reads at most to find what is new.
HANICRAWLER_LIST_PAGES = 10
# Several crawlers share one crawl (PostgreSQL only).
HANICRAWLER_SHARED = False
# Seconds for which a crawler of a shared crawl claims a page; those of a dead one come back then.
HANICRAWLER_LEASE = 300

# --- What a run may cost --------------------------------------------------------------------

# What is left when one of these is spent is due for the next run; None is no bound.  Requests
# are all that are sent, robots.txt and retries too; bytes are those of bodies as they come.
HANICRAWLER_MAX_REQUESTS: int | None = None
HANICRAWLER_MAX_BYTES: int | None = None
HANICRAWLER_MAX_SECONDS: float | None = None
# Answers in a row that are errors (403, 429, 5xx, none at all) after which a run leaves the site
# alone; six where nothing good came before them.  0 is never.
HANICRAWLER_GIVE_UP = 20

# --- When a run is unhealthy (docs/alarms.md) -----------------------------------------------

# Failed fetches, as a number and as a share of all: too many are both.
HANICRAWLER_FAILED_PAGES = 5
HANICRAWLER_FAILED_SHARE = 0.1
# Problems noted in one run that are too many.
HANICRAWLER_MAX_PROBLEMS = 25
# How far a field's coverage, or the template layer's share, may fall below its own recent runs.
HANICRAWLER_DRIFT = 0.3
# Silence is too long when it lasts this many times as long as ever around this hour of this
# weekday in the last eight weeks, and so many hours longer.
HANICRAWLER_QUIET_FACTOR = 2.0
HANICRAWLER_QUIET_HOURS = 24.0

# --- Who is told ----------------------------------------------------------------------------

# URLs that are asked for when a run has ended well, and when it has not (healthchecks style).
HANICRAWLER_PING_SUCCESS: str | None = None
HANICRAWLER_PING_FAILURE: str | None = None
# A file for Prometheus's node_exporter (textfile collector), written anew at each end.
HANICRAWLER_METRICS: str | None = None

# --- Politeness -----------------------------------------------------------------------------

# Scrapy's own default is to ignore it.
ROBOTSTXT_OBEY = True
# Who we are, honestly; with HANICRAWLER_CONTACT it names that too.
USER_AGENT = f"hanicrawler/{__version__} (archives articles for research)"
# A newspaper's article is read in minutes: one request a second is no burden to its servers.
DOWNLOAD_DELAY = 1.0
# Two at most are under way, so that one slow answer does not stop the rest.
CONCURRENT_REQUESTS = 2
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Where answers become slow the delay grows, up to a minute; it never sinks below the delay.
# (What 429 and 5xx do to it, middlewares/backoff.py says.)
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
# Twice more is enough for a hiccup; what still fails is a problem row, and the next run's work.
RETRY_TIMES = 2
# An article's renamed section is one redirect, a change of host another.
REDIRECT_MAX_TIMES = 5
# The site needs no session, and a crawler should not carry one.
COOKIES_ENABLED = False
# What Scrapy says by default, in the language of the English edition.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,ko;q=0.8",
}

# What comes over TLS comes from the newspaper: Scrapy's own default is to take any certificate.
DOWNLOAD_VERIFY_CERTIFICATES = True

# --- Bounds ---------------------------------------------------------------------------------

# A page is some 70 KB; anything near this is no article, and would only fill the memory.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 2 * 1024 * 1024
# Scrapy's three minutes are too long for a page: with two at a time they would stop a run.
DOWNLOAD_TIMEOUT = 60
# A body that was cut off is no page: it fails, and is tried again.
DOWNLOAD_FAIL_ON_DATALOSS = True
# Pages wait here until their batch has committed: room for a few batches of big pages.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 8 * 1024 * 1024

# --- What is used of Scrapy -----------------------------------------------------------------

# Naming a component None still imports it; leaving it out of these lists does not.  Remote
# control (a port that runs code), telnet, mail and memory debugging are not for cron.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
EXTENSIONS = {
    "hanicrawler.extensions.timers.Timers": 50,
    # Closed before the run is judged, of which it is a part.
    "hanicrawler.extensions.archive.Archive": 60,
    "hanicrawler.extensions.record.RunRecord": 100,
    "hanicrawler.extensions.closing.Closing": 110,
    "hanicrawler.extensions.leases.Leases": 150,
    "hanicrawler.extensions.progress.Progress": 200,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
DOWNLOADER_MIDDLEWARES = {
    # After everything else: it keeps what the spider gets, as it gets it.
    "hanicrawler.middlewares.archive.Captures": 540,
    # Retry's order is 550: these learn of an error before it is tried again, and of a wish to
    # be left alone before it counts as an error.
    "hanicrawler.middlewares.giveup.GiveUp": 560,
    "hanicrawler.middlewares.backoff.BackOff": 570,
    # Decoding's order is 590.
    "hanicrawler.middlewares.archive.Encodings": 595,
    "hanicrawler.middlewares.redirect.SameArticleRedirects": 600,
    # The last but the one that counts what is sent.
    "hanicrawler.middlewares.budget.Budget": 840,
}
# Statuses other than 2xx go to the errbacks.  The others of Scrapy's (referer, depth, URL
# length, start marks) each cost time on every page, and we have no use for them.
SPIDER_MIDDLEWARES_BASE = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
}
# The last step before the network maps the site's addresses to HANICRAWLER_SITE.
DOWNLOAD_HANDLERS_BASE: dict[str, str] = {}
DOWNLOAD_HANDLERS = {
    "http": "hanicrawler.middlewares.root.SiteDownloadHandler",
    "https": "hanicrawler.middlewares.root.SiteDownloadHandler",
}
ITEM_PIPELINES = {
    "hanicrawler.pipelines.text.Text": 100,
    "hanicrawler.pipelines.dates.Dates": 200,
    "hanicrawler.pipelines.bylines.Bylines": 300,
    "hanicrawler.pipelines.images.Images": 400,
    "hanicrawler.pipelines.links.Links": 500,
    "hanicrawler.pipelines.store.Store": 900,
}
# Of what a page gives only its article waits for a commit: Scrapy's hundred workers for every
# page would cost more than storing it.
CONCURRENT_ITEMS = 2
# Reading the callbacks' source code to warn of a mistake is for those who write them.
WARN_ON_GENERATOR_RETURN_VALUE = False
# The spider knows articles by edition and id, whatever their address: fingerprints of URLs
# would only cost time.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# In the order they were found, lists first (the spider gives them a higher priority).
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
# A fifth faster than asyncio's own loop, where it installs.
ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None

# --- Logging --------------------------------------------------------------------------------

# A line for every page is for those who ask for it (-L DEBUG).
LOG_LEVEL = "INFO"
# Reading the versions of a dozen libraries takes longer than a run that finds nothing new.
LOG_VERSIONS: list[str] = []

FEED_EXPORT_ENCODING = "utf-8"

ON_LOOPBACK: Final[dict[str, Any]] = {
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "AUTOTHROTTLE_ENABLED": False,
    "HANICRAWLER_SECOND_READER": os.name == "posix" and (os.cpu_count() or 1) > 1,
}
"""What holds instead where HANICRAWLER_SITE is on this machine, which nobody else waits for,
unless the user says otherwise."""
