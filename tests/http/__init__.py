"""Tests that try to break one HTTP exchange: hostile servers, lost connections, and storms."""
