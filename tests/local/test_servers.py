"""The own servers, with the real programs and real kills."""

import os
import signal
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from prm.local import postgres
from prm.local.places import Instance, OwnServersError, instance, short_folder
from prm.local.processes import command_line, wait_until
from prm.local.servers import connect, running
from tests.local.conftest import Begin, Use, forget, make_checkout, settle

KEEP = "CREATE TABLE IF NOT EXISTS kept (deal text); INSERT INTO kept VALUES ('Lumen Foods')"


def run_sql(inst: Instance, sql: str) -> None:
    connection = psycopg2.connect(inst.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def read_sql(inst: Instance, sql: str) -> list[Any]:
    connection = psycopg2.connect(inst.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        found = [row[0] for row in cursor.fetchall()]
    connection.close()
    return found


def valkey(inst: Instance) -> "redis.Redis":
    return redis.Redis.from_url(inst.redis_url, decode_responses=True)


def supervisor_pid(inst: Instance) -> int:
    return next(
        int(pid)
        for pid in os.listdir("/proc")
        if pid.isdigit()
        and f"prm.local.supervisor {inst.name} " in command_line(int(pid))
        and Path(f"/proc/{pid}/cwd").readlink() == inst.checkout
    )


def test_both_servers_answer_at_the_addresses_known_beforehand(trial: Instance, use: Use) -> None:
    using = use(trial)
    assert read_sql(trial, "SELECT current_database()") == ["prm"]
    assert valkey(trial).ping() is True
    assert running(trial)
    using.leave()
    assert using.servers_are_gone()
    assert not running(trial)


def test_postgresql_is_version_18_with_utf8_and_only_on_its_socket(
    trial: Instance, use: Use
) -> None:
    using = use(trial)
    names = ("server_version", "server_encoding", "listen_addresses", "max_connections")
    found = [read_sql(trial, f"SHOW {name}")[0] for name in names]
    assert found[0].startswith("18.")
    assert found[1:] == ["UTF8", "", "200"]
    using.leave()


def test_valkey_keeps_what_it_was_told_over_a_restart(trial: Instance, use: Use) -> None:
    using = use(trial)
    valkey(trial).set("bell", "rung")
    using.leave()
    again = use(trial)
    assert valkey(trial).get("bell") == "rung"
    again.leave()


def test_tests_trade_the_disk_for_speed_and_the_demo_does_not() -> None:
    assert postgres.settings_for("test")["fsync"] == "off"
    assert "fsync" not in postgres.settings_for("demo")
    assert "synchronous_commit" not in postgres.settings_for("test")


def test_a_second_user_attaches_and_the_last_one_turns_off_the_light(
    trial: Instance, use: Use
) -> None:
    first, second = use(trial), use(trial)
    assert (first.postgres, first.valkey) == (second.postgres, second.valkey)
    first.leave()
    assert read_sql(trial, "SELECT 'still here'") == ["still here"]
    second.leave()
    assert second.servers_are_gone()


def test_two_users_at_once_get_the_same_servers(trial: Instance, begin: Begin) -> None:
    first, second = [settle(process) for process in [begin(trial), begin(trial)]]
    assert first.postgres == second.postgres
    first.leave()
    second.leave()
    assert first.servers_are_gone()


def test_a_killed_user_takes_the_servers_with_it(trial: Instance, use: Use) -> None:
    using = use(trial)
    using.process.kill()
    assert using.servers_are_gone()


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="finds processes in /proc")
def test_a_killed_supervisor_leaves_the_data_to_the_next_start(trial: Instance, use: Use) -> None:
    using = use(trial)
    run_sql(trial, KEEP)
    os.kill(supervisor_pid(trial), signal.SIGKILL)
    again = use(trial)
    assert read_sql(trial, "SELECT deal FROM kept") == ["Lumen Foods"]
    assert using.servers_are_gone()
    again.leave()


def test_servers_without_a_supervisor_are_stopped_by_the_next_start(
    trial: Instance, use: Use
) -> None:
    # What a system without the parent's death signal is left with.
    using = use(trial)
    using.leave()
    lonely = postgres.Postgres(trial)
    lonely.prepare()
    process = lonely.start()
    assert wait_until(lonely.ready, 10)
    run_sql(trial, KEEP)
    again = use(trial)
    assert process.wait(1) == 0
    assert read_sql(trial, "SELECT deal FROM kept") == ["Lumen Foods"]
    again.leave()


def test_a_pid_that_is_another_process_now_does_not_stop_the_start(
    trial: Instance, use: Use
) -> None:
    use(trial).leave()
    stale = postgres.data_folder(trial, postgres.server_user(trial)) / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n/elsewhere\n")
    use(trial).leave()


def test_a_killed_server_is_started_again_and_keeps_what_was_committed(
    trial: Instance, use: Use
) -> None:
    using = use(trial)
    run_sql(trial, KEEP)
    os.kill(using.postgres, signal.SIGKILL)
    os.kill(using.valkey, signal.SIGKILL)
    assert wait_until(lambda: not command_line(using.postgres), 10)
    assert wait_until(lambda: answers(trial), 20)
    assert read_sql(trial, "SELECT deal FROM kept") == ["Lumen Foods"]
    using.leave()


def answers(inst: Instance) -> bool:
    try:
        return bool(read_sql(inst, "SELECT 1") and valkey(inst).ping())
    except (psycopg2.OperationalError, redis.ConnectionError):
        return False


def test_two_instances_and_two_checkouts_run_side_by_side(
    checkout: Path, other_checkout: Path, use: Use
) -> None:
    instances = [
        instance("test-a", checkout),
        instance("test-b", checkout),
        instance("test-a", other_checkout),
    ]
    users = [use(inst) for inst in instances]
    run_sql(instances[0], KEEP)
    there = "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"
    assert [read_sql(inst, there) for inst in instances] == [[1], [0], [0]]
    for using in users:
        using.leave()


def test_a_long_path_still_has_sockets(tmp_path: Path, use: Use) -> None:
    checkout = make_checkout(tmp_path / ("long-" * 20) / ("path-" * 20))
    inst = instance("test-trial", checkout)
    assert inst.sockets.parent == short_folder(checkout)
    use(inst).leave()
    forget(checkout)


def test_sockets_and_data_are_closed_to_others(trial: Instance, use: Use) -> None:
    using = use(trial)
    assert stat.S_IMODE(trial.postgres_sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(trial.valkey_socket.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(trial.control_socket.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(trial.folder.stat().st_mode) & 0o066 == 0
    using.leave()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another user")
def test_root_may_work_where_the_servers_user_cannot_enter(tmp_path: Path, use: Use) -> None:
    tmp_path.chmod(0o700)
    checkout = make_checkout(tmp_path / "closed")
    inst = instance("test-trial", checkout)
    user = postgres.server_user(inst)
    assert user is not None
    assert not postgres.reaches(user, checkout)
    using = use(inst)
    run_sql(inst, KEEP)
    assert Path(f"/proc/{using.postgres}").stat().st_uid == user.pw_uid
    using.leave()
    use(inst).leave()
    forget(checkout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another user")
def test_programs_out_of_reach_are_copied_once(tmp_path: Path, trial: Instance) -> None:
    user = postgres.server_user(trial)
    closed = tmp_path / "closed"
    original = postgres.find_programs()
    site = original.parents[2]
    inside = original.relative_to(site)
    (closed / inside).parent.mkdir(parents=True)
    (closed / f"{postgres.PACKAGE}.libs").symlink_to(site / f"{postgres.PACKAGE}.libs")
    for part in ("bin", "lib", "share"):
        (closed / inside.parent / part).symlink_to(original.parent / part)
    closed.chmod(0o700)
    copy = postgres.reachable_programs(closed / inside, user, trial.checkout)
    assert copy != closed / inside
    assert postgres.reaches(user, copy)
    made = (copy / "postgres").stat()
    assert postgres.reachable_programs(closed / inside, user, trial.checkout) == copy
    assert (copy / "postgres").stat() == made


def test_the_addresses_are_plain_urls(trial: Instance) -> None:
    database = urlsplit(trial.database_url)
    assert (database.scheme, database.username, database.path) == ("postgresql", "prm", "/prm")
    assert parse_qs(database.query) == {"host": [str(trial.postgres_sockets)]}
    assert urlsplit(trial.redis_url).path == str(trial.valkey_socket)


@pytest.mark.parametrize("name", ["", "Demo", "../demo", "a b", "x" * 25])
def test_a_name_that_is_no_folder_name_is_refused(name: str, checkout: Path) -> None:
    with pytest.raises(OwnServersError, match="no name for an instance"):
        instance(name, checkout)
    assert not (checkout / ".local").exists()


def test_missing_programs_are_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PACKAGE", "no_such_package")
    with pytest.raises(OwnServersError) as caught:
        postgres.find_programs()
    assert str(caught.value) == (
        "PostgreSQL's programs are not installed: run `make setup`,"
        " or set DATABASE_URL and REDIS_URL."
    )


def test_a_failed_start_says_why_and_leaves_nothing_running(
    trial: Instance, use: Use, begin: Begin
) -> None:
    use(trial).leave()
    (postgres.data_folder(trial, postgres.server_user(trial)) / "PG_VERSION").write_text("17\n")
    process = begin(trial)
    _, error = process.communicate(timeout=30)
    assert "was made by PostgreSQL 17, this is 18: run `make clean`." in error
    assert connect(trial) is None
