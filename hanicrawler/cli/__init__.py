"""The hanicrawler command."""


def main() -> None:
    """Run the command."""
