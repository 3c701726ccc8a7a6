"""The command line: a thin face on the tasks. Results on standard output, everything else on standard error."""
