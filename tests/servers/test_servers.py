"""The servers that other tests lean on do what their fixtures say."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest
import pytest_socket
import redis
import sqlalchemy

from tests.servers.browser import Watch
from tests.servers.postgres import running_postgres
from tests.servers.processes import answers, sweep
from tests.servers.redis import running_redis

TABLES = sqlalchemy.text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")


def test_every_store_url_is_fresh_and_takes_a_table(store_url):
    engine = sqlalchemy.create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE mark (id INTEGER)"))
    assert sqlalchemy.inspect(engine).get_table_names() == ["mark"]
    engine.dispose()


def test_two_databases_of_one_postgres_know_nothing_of_each_other(postgres_server):
    first, second = (sqlalchemy.create_engine(postgres_server()) for _ in range(2))
    with first.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE mark (id INTEGER)"))
    with second.connect() as connection:
        assert connection.execute(TABLES).scalar_one() == 0
    first.dispose()
    second.dispose()


def test_postgres_takes_three_hundred_connections_and_is_not_root(postgres_server):
    with psycopg.connect(postgres_server.address()) as connection:
        assert connection.execute("SHOW max_connections").fetchone() == ("300",)
        assert connection.execute("SELECT pg_backend_pid()").fetchone()
    assert Path(f"/proc/{postgres_server.server.process.pid}").stat().st_uid != 0


@pytest.mark.postgres
def test_a_postgres_that_was_killed_comes_back_on_its_port():
    with running_postgres() as postgres:
        url = postgres()
        postgres.kill()
        assert not postgres.ready()
        postgres.start()
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("SELECT 1")).scalar_one() == 1
        engine.dispose()


def test_redis_answers_on_its_url(redis_server):
    with redis.Redis.from_url(redis_server) as client:
        client.set("mark", "1")
        assert client.get("mark") == b"1"


@pytest.mark.redis
def test_a_redis_that_was_stopped_comes_back_empty():
    with running_redis() as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("mark", "1")
        server.stop()
        assert not answers(server.port)
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("mark") is None


DOOMED = """
import sys
from tests.servers.{module} import running_{module}
with running_{module}() as server:
    print(server.server.process.pid, server.port, flush=True)
    sys.stdin.read()
"""


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.parametrize("module", ["postgres", "redis"])
def test_a_killed_test_process_leaves_no_server_behind(module):
    with subprocess.Popen(
        [sys.executable, "-c", DOOMED.format(module=module)],
        cwd=Path.cwd(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as doomed:  # fmt: skip
        server, port = map(int, (doomed.stdout or sys.stdin).readline().split())
        assert answers(port)
        ended = os.pidfd_open(server)
        doomed.send_signal(signal.SIGKILL)
        poll = select.poll()
        poll.register(ended)
        assert poll.poll(20_000), "the server outlived the test process by 20 s"
        os.close(ended)
    assert not answers(port)
    sweep(f"gridhall-{module}-")  # its temporary folder, as the next run would
    assert not list(Path(tempfile.gettempdir()).glob(f"gridhall-{module}-{doomed.pid}-*"))


def test_a_test_that_asks_for_no_server_opens_no_socket():
    with pytest.warns(UserWarning, match="A test tried"), pytest.raises(pytest_socket.SocketBlockedError):
        socket.socket()


def test_a_test_of_a_server_reaches_this_machine_only(redis_server):
    with pytest.warns(UserWarning, match="A test tried"), pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 9), timeout=0.1)


def test_asyncio_runs_where_no_socket_may_be_opened():
    async def answer():
        return 42

    assert asyncio.run(answer()) == 42


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        body = (
            "<title>网格</title><img src='http://192.0.2.1/x.png'>" if self.path == "/leak" else "<title>网格</title>"
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_words):
        pass


@pytest.fixture
def hello_url():
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_chromium_shows_a_page_of_this_machine(page, hello_url, browser_watch):
    page.goto(hello_url)
    assert page.title() == "网格"
    assert browser_watch.foreign == []


def test_a_page_that_asks_beyond_this_machine_is_noticed(page, hello_url, browser_watch):
    page.goto(f"{hello_url}/leak")
    assert browser_watch.foreign == ["http://192.0.2.1/x.png"]
    browser_watch.foreign.clear()


@pytest.mark.parametrize("url", ["https://example.org/x", "ws://10.0.0.1/live", "http://localhost.example/"])
def test_the_watch_takes_no_other_host_for_this_machine(url):
    watch = Watch()
    watch.look(url)
    assert watch.foreign == [url]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8050/live", "data:image/png;base64,xx", "blob:null/1", "about:blank"]
)
def test_the_watch_lets_this_machine_pass(url):
    watch = Watch()
    watch.look(url)
    assert watch.foreign == []
