"""The subcommands of `fleet`, one file each."""
