"""Paces that processes share."""
