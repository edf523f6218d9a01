"""Recognizers measure what music conveys."""
