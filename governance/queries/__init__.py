"""Answers for pages. They read and never write."""
