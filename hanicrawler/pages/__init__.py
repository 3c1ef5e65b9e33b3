"""Bytes to items: pure, no network, no database, no clock."""
