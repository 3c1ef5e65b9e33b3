"""What wraps a fetch."""
