"""The warm processes of one slot, one per warmth. Each keeps a pair ready; one pair at a time is in use."""

from grading.protocol import Limits
from grading.runner.orders import Ended
from grading.runner.pair import Pair
from grading.runner.warm import WarmFailed, WarmProcess
from grading.runner.warmth import Warmth
from grading.sandbox.modes import Mode
from grading.sandbox.slots import Slot


class WarmSet:
    """Warm processes, each started when it is first needed, or by `start_another`."""

    def __init__(self, mode: Mode, *, slot: Slot | None) -> None:
        """Starts the least warm one and waits until it is ready. Raises WarmFailed, with the reason.

        Where the host is the wall there is only one, and so one pair: nothing keeps files of one user apart there.
        """
        self._mode, self._slot = mode, slot
        self._kinds = [Warmth.MODELS] if mode is Mode.EXTERNAL else list(Warmth)
        self._processes: dict[Warmth, WarmProcess] = {}
        self.latest = self._kinds[0]
        try:
            self._of(self.latest).wait_ready()
        except WarmFailed:
            self.close()
            raise

    def take(self, limits: Limits, *, warmth: Warmth) -> Pair:
        """A fresh pair with these limits, as warm at least, once nothing of the last one is left. Raises WarmFailed."""
        warmth = warmth if warmth in self._kinds else self._kinds[-1]
        if warmth is not self.latest:
            self.ended()
        pair = self._of(warmth).take(limits)
        self.latest = warmth
        return pair

    def fork_ahead(self, limits: Limits) -> None:
        """Have each warm process make a pair for the next job, whichever it is. Raises WarmFailed."""
        for process in self._processes.values():
            process.fork_ahead(limits)

    def end(self, pair: Pair) -> None:
        """Kill both sides; no other pair is made before nothing of them is left. Raises WarmFailed."""
        self._of(self.latest).end(pair)

    def ended(self) -> Ended:
        """How the pair that was given to `end` last has ended, once nothing of it is left. Raises WarmFailed."""
        return self._of(self.latest).ended()

    def check_alive(self) -> None:
        """Raises WarmFailed where the warm process of the last pair has ended."""
        self._of(self.latest).check_alive()

    def start_another(self) -> None:
        """Start one that nobody has needed yet, without waiting for it. Nothing where all are there."""
        missing = [warmth for warmth in self._kinds if warmth not in self._processes]
        if missing:
            self._of(missing[0])

    def close(self) -> None:
        """Stop all of them and everything they started. Safe to repeat."""
        for process in self._processes.values():
            process.hang_up()
        for process in self._processes.values():
            process.close()

    def _of(self, warmth: Warmth) -> WarmProcess:
        if warmth not in self._processes:
            self._processes[warmth] = WarmProcess(self._mode, warmth=warmth, slot=self._slot)
        return self._processes[warmth]
