"""A faithful, versioned, queryable record of The Hankyoreh."""

__version__ = "0.1.0"
