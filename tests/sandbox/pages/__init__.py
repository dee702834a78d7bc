"""Tests of the sandbox's pages."""
