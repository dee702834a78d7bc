"""The command `completion`: scripts with which shells complete all commands and options."""
