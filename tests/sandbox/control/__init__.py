"""Tests of the controls, the inspector and the feeds."""
