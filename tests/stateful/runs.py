"""How runs are made: the same every time, with no database nor minutes of shrinking, by a clock that stands still."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from hypothesis import HealthCheck, Phase, settings

from stateful.two_ledgers import BEGUN, TwoLedgers

SETTINGS = settings(
    max_examples=276,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, *([Phase.shrink] if "CAPTABLE_SHRINK" in os.environ else [])],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def standing_still() -> Iterator[None]:
    """The machine's clock stands still but where a command moves it; garbage is collected seldom, to be quicker."""
    often = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        with freeze_time(BEGUN, ignore=["hypothesis", "_pytest"]) as frozen:
            assert isinstance(frozen, FrozenDateTimeFactory)
            TwoLedgers.clock = frozen
            yield
    finally:
        gc.set_threshold(*often)
