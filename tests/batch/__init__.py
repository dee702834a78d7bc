"""Tests of creating many bookings."""
