"""Runs a command in the foreground and passes signals on to it, so that the caller can clean up after it ended."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SIGNALLED = 128


class Foreground:
    """Takes the signals that would end this process from now on; they end the command instead.

    A signal that arrives before the command runs keeps it from being started.
    """

    def __init__(self) -> None:
        self._received: list[int] = []
        self._child: subprocess.Popen[bytes] | None = None
        for number in PASSED_ON:
            # What the caller chose to ignore (nohup, a shell's background jobs) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._receive)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """The command's exit code; 128 and the signal's number when a signal ended it, as in a shell."""
        if self._received:
            return SIGNALLED + self._received[0]
        self._child = subprocess.Popen(command, env=environment)
        for number in self._received:
            self._pass_on(self._child, number)
        code = self._child.wait()
        return code if code >= 0 else SIGNALLED - code

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self._child is None:
            self._received.append(number)
        else:
            self._pass_on(self._child, number)

    def _pass_on(self, child: subprocess.Popen[bytes], number: int) -> None:
        # Ctrl-C reaches the command without us: a second interrupt would break off its own cleaning up.
        if not (number == signal.SIGINT and in_terminal_foreground()):
            child.send_signal(number)


def in_terminal_foreground() -> bool:
    """Whether Ctrl-C and the like reach this process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
