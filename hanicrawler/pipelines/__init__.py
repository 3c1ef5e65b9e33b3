"""One step a module, in the order they run."""
