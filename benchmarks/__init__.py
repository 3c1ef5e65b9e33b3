"""What the README claims about accuracy and speed, runnable: ``python -m benchmarks``."""
