"""Resolutions and terms that the office entered, and the rulebook with them laid over the shipped law."""
