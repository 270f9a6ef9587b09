import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kinds import TABLES
from tests.faults.rig import Rig, sql


@pytest.fixture
def rig(transactional_db: None, tmp_path: Path) -> Iterator[Rig]:
    sql(TABLES)
    rig = Rig(tmp_path)
    try:
        yield rig
    finally:
        rig.stop()
        sys.stderr.write(rig.log())  # shown by pytest when the test failed
        sql("DROP TABLE trial_effect, trial_commit, trial_run, trial_cured")
