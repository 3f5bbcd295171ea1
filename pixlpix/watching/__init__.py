"""Watching the site: whether it is ready, what it logs, its numbers, reports of errors, and who is alarmed by what.

docs/watching.md says what each is for and what to do about it.
"""
