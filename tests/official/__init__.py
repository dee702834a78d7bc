"""The vendor's own clients, unmodified, against the sandbox."""
