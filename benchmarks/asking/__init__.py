"""Questions and searches of a record of many articles, on both databases."""
