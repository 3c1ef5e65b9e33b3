"""The only room that knows SQL: engine, models, writer, frontier, queries."""
