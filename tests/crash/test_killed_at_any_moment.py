"""kill -9 at random moments: nothing acknowledged is lost, nothing doubled, nothing invented (PROMISES.md)."""

import pytest

from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from tests.crash.doings import DOINGS, TOO_EARLY
from tests.crash.victims import Doing, kill_often

IN_ALL = 300


@pytest.mark.parametrize("doing", DOINGS, ids=lambda doing: doing.name)
def test_nothing_is_lost_doubled_or_invented(doing: Doing, settings: Settings, store: Store, proving: bool) -> None:
    kills = -(-IN_ALL // len(DOINGS)) if proving else 2

    _scene, heard = kill_often(doing, settings, store, kills=kills)

    assert len(heard.begun) >= 1


def test_what_is_told_before_it_is_written_down_is_found_to_be_lost(settings: Settings, store: Store) -> None:
    """The negative control: it plants the fault and sees the promise break."""
    with pytest.raises(AssertionError, match="lost"):
        kill_often(TOO_EARLY, settings, store, kills=8)
