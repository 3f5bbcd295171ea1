"""What runs in the decoder's own process: everything that unpacks pixels. Nothing in here imports Django, reads settings
or knows where a picture came from: jobs come as numbers and open files, and files go back.

`serve` is the process that waits, `work` its child for one job, the other modules are what the child does.
"""
