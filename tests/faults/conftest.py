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
    except BaseException:
        print(rig.log())
        raise
    finally:
        rig.stop()
        sql("DROP TABLE trial_effect, trial_commit, trial_run, trial_cured")
