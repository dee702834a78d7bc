"""The command `completion`: a script with which a shell completes the others."""

from __future__ import annotations

import sys
from typing import Literal

from . import exits


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print a script that completes commands and options in your shell.

    bash: nylas-bookings completion bash > ~/.local/share/bash-completion/completions/nylas-bookings

    zsh: nylas-bookings completion zsh > a directory of your fpath/_nylas-bookings

    fish: nylas-bookings completion fish > ~/.config/fish/completions/nylas-bookings.fish

    Parameters
    ----------
    shell
        Which shell it is for.
    """
    from .app import app

    sys.stdout.write(app.generate_completion(shell=shell))
    return exits.DONE
