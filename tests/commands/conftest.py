"""Whole crawls: a subprocess, the replica on loopback, a fresh folder."""

from __future__ import annotations

import os
import sqlite3
import ssl
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hanicrawler.cli.demo import load_replica
from tests.commands.warm import warm_crawls
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Done:
    """A crawl that has ended."""

    status: int
    stdout: str
    stderr: str
    database: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def column(self, query: str) -> list[Any]:
        return [row[0] for row in self.rows(query)]

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    @property
    def ids(self) -> set[int]:
        """The English articles stored."""
        return set(self.column("SELECT source_id FROM articles WHERE edition = 'en'"))

    @property
    def problems(self) -> set[tuple[str, str]]:
        """Stage and code of each problem met."""
        return set(self.rows("SELECT stage, code FROM problems"))

    @property
    def outcome(self) -> str:
        return str(self.value("SELECT outcome FROM crawls ORDER BY id DESC LIMIT 1"))


@dataclass(frozen=True)
class Crawl:
    """``scrapy crawl hani`` in a folder away from the checkout."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "hanicrawler.db"

    def __call__(self, *arguments: str, **environment: str) -> Done:
        """Crawl to the end, without the second that a process takes to start where that may be."""
        if any(name.startswith("PYTHON") for name in environment):
            return self.end(self.start(*arguments, **environment))
        env = self.environment(**environment)
        ended = warm_crawls().run("crawl", "hani", *arguments, cwd=self.folder, env=env)
        return Done(ended.status, ended.stdout, ended.stderr, self.database)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a crawl as a person does, in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "hani", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment without what is set for another crawl."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HANICRAWLER_", "SCRAPY_"))
            and not name.lower().endswith("_proxy")
        }
        return {**kept, "SCRAPY_SETTINGS_MODULE": "hanicrawler.settings", **more}

    def end(self, process: subprocess.Popen[str]) -> Done:
        try:
            stdout, stderr = process.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Done(process.returncode, stdout, stderr, self.database)


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """Crawl in a fresh folder."""
    return Crawl(tmp_path)


@pytest.fixture
def replica() -> Any:
    """The package of the invented site."""
    return load_replica()


@pytest.fixture
def site(replica: Any) -> Iterator[Any]:
    """The invented site with its standard newspaper."""
    with replica.Replica(replica.Newspaper.standard()) as site:
        yield site


@pytest.fixture
def small(replica: Any) -> Iterator[Any]:
    """The invented site with a dozen articles of today's form."""
    with replica.Replica(replica.Newspaper.generate(12, template="english-next")) as site:
        yield site


@pytest.fixture
def tls_site(tmp_path: Path) -> Iterator[str]:
    """The root of a server on loopback whose certificate it has signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "certificate.pem"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    # The handshake is left to each connection's thread: it fails, and must not end the server.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def self_signed(file: Path) -> Path:
    """Write a key, and a certificate for this machine that is valid but signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    address = x509.IPAddress(ip_address("127.0.0.1"))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(encoding))
    return file
