"""The command itself: prints the script of a shell, filled with the words to be completed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from .. import exits


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
    from . import words

    script = Path(__file__).with_name(f"complete.{shell}").read_text(encoding="utf-8")
    sys.stdout.write(script.replace("    @words@\n", words.cases(shell)))
    return exits.DONE
