"""One small module a subcommand.

`add(parser)` declares its arguments, `run(args)` does it and returns the exit code."""
