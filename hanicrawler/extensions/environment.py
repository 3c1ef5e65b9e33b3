"""One place where the environment, the settings and the root of the site meet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from scrapy.settings import SETTINGS_PRIORITIES

from hanicrawler import __version__
from hanicrawler import settings as ours
from hanicrawler.site import Root

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

PREFIX: Final = "HANICRAWLER_"
_PROJECT: Final = SETTINGS_PRIORITIES["project"]
_ENVIRONMENT: Final = _PROJECT + 1
"""Above settings.py, below the command line."""


class Environment:
    """Add-on: settings from the environment, and what follows from them.

    Holds for ``scrapy crawl`` and for a CrawlerProcess alike.  Raises ValueError for a
    HANICRAWLER_SITE that is no root.
    """

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        for name, value in os.environ.items():
            if name.startswith(PREFIX):
                settings.set(name, value, priority=_ENVIRONMENT)
        site = settings.get("HANICRAWLER_SITE")
        if site and Root.parse(site).is_loopback:
            for name, value in ours.ON_LOOPBACK.items():
                _set_unless_chosen(settings, name, value)
        if contact := settings.get("HANICRAWLER_CONTACT"):
            agent = f"hanicrawler/{__version__} (+{contact})"
            _set_unless_chosen(settings, "USER_AGENT", agent)

    def update_settings(self, settings: BaseSettings) -> None:
        """Do the same for a crawler that was made without a process."""
        self.update_pre_crawler_settings(settings)
        # Whoever exports items wants articles: what else goes through the pipelines is ours.
        for options in settings.getdict("FEEDS").values():
            options.setdefault("item_classes", ["hanicrawler.items.Article"])


def _set_unless_chosen(settings: BaseSettings, name: str, value: object) -> None:
    """Set *name* where it still has the value that settings.py gives it."""
    is_ours = settings.get(name) == getattr(ours, name)
    if is_ours and (settings.getpriority(name) or 0) <= _PROJECT:
        settings.set(name, value, priority=_ENVIRONMENT)
