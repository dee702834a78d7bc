"""Receivers of webhooks, on the real frameworks."""
