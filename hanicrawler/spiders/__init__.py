"""What to fetch next: no selectors, no SQL."""
