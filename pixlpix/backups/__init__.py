"""Backups of all data to a folder of the team's own machine, their proof, and the way back. See docs/backups.md.

DIR/originals/ab/cd/<sha256>     one file a hash, written once, shared by all snapshots
DIR/ledger/<name>                every ledger entry ever seen
DIR/snapshots/<UTC>/             manifest.json (with its own hash beside it) and the database's dump
DIR/incomplete/<UTC>/            the same, where an original was missing that should be there
DIR/erased.json                  hashes that were erased by order, and are in no backup any more
"""
