"""The asynchronous client: signatures and docstrings, with one delegating call each."""
