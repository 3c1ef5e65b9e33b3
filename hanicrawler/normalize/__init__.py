"""Text to values: pure functions, each with its grammar in its docstring."""
