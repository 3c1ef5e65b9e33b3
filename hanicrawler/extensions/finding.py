"""What a rule finds wrong with a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a run."""

    code: str
    """Short and stable: crawls.alarms has it, and docs/alarms.md explains it."""
    words: str
    """What happened."""
    advice: str
    """What to do about it."""

    def __str__(self) -> str:
        return f"{self.words} {self.advice}"
