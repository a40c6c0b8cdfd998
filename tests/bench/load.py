"""The server of production under load from another process: wrk, two workers."""

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

from tests.run import ROOT
from tests.support.servers import Server, environment, eventually, manage

from . import BARE, COMPLETENESS_FIELDS

WRK = shutil.which("wrk")
CLIENTS = 16
MANY = 200


@dataclass(frozen=True)
class Load:
    """What wrk says of one address: requests a second, milliseconds, and answers that are no success."""

    rate: float
    median: float
    p99: float
    errors: int


def serving(var: Path, **variables) -> Server:
    return Server(var=var, DJANGO_SETTINGS_MODULE="tests.bench.settings", **variables)


def load(server: Server, address: str, *, seconds: float = 2, clients: int = CLIENTS, headers=()) -> Load:
    """Ask for one address as fast as it comes."""
    asked = [f"-H{name}: {value}" for name, value in (("Accept-Encoding", "gzip, br"), *headers)]
    command = [WRK, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency", *asked]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}{address}"], capture_output=True, text=True, check=True
    ).stdout
    sockets = re.search(r"Socket errors: (.*)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = sum(map(int, re.findall(r"\d+", sockets[1]))) if sockets else 0
    return Load(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        median=_milliseconds(re.search(r"^ +50% +(\S+)", said, re.M)[1]),
        p99=_milliseconds(re.search(r"^ +99% +(\S+)", said, re.M)[1]),
        errors=errors + (int(refused[1]) if refused else 0),
    )


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\D+)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def compared(server: Server, asked: dict[str, tuple[str, tuple]], *, rounds: int = 5) -> dict[str, dict]:
    """Rates in turn, so that what else the machine does hits all alike; the ratio is to the bare view."""
    measured: dict[str, list[Load]] = {name: [] for name in ("bare view", *asked)}
    everything = {"bare view": (BARE, ())} | asked
    for address, headers in everything.values():
        load(server, address, seconds=1, headers=headers)
    for _ in range(rounds):
        for name, (address, headers) in everything.items():
            measured[name].append(load(server, address, headers=headers))
    bare = median(one.rate for one in measured["bare view"])
    return {
        name: {
            "rate": (rate := median(one.rate for one in loads)),
            "ratio": rate / bare,
            "median": median(one.median for one in loads),
            "p99": median(one.p99 for one in loads),
            "errors": sum(one.errors for one in loads),
        }
        for name, loads in measured.items()
    }


def warm(var: Path, **variables) -> dict[str, dict]:
    """The list as it is kept, and as it is not sent again, beside the bare view."""
    with serving(var, **variables) as server:
        etag = server.get("/initiatives/", headers={"Accept-Encoding": "gzip, br"}).headers["ETag"]
        told = server.get("/export/initiatives.csv", "HEAD", headers={"Accept-Encoding": "gzip, br"}).headers["ETag"]
        asked = {
            "list": ("/initiatives/", ()),
            "list, 304": ("/initiatives/", (("If-None-Match", etag),)),
            "export, 304": ("/export/initiatives.csv", (("If-None-Match", told),)),
        }
        return compared(server, asked)


def everything_else(var: Path, rows: int, endurance: int, **variables) -> dict:
    with serving(var, **variables) as server:
        csv = download(server, "/export/initiatives.csv", rows)
    with serving(var, **variables) as server:
        found = stampede(
            server, COMPLETENESS_FIELDS, lambda: manage("shell", "-v0", "-c", BUMP, VAR_DIR=var, **variables)
        )
        lasting = load(server, "/initiatives/", seconds=endurance, clients=MANY)
        return {
            "csv": csv,
            "stampede": found,
            "crowd": beside_booklets(server),
            "endurance": {"seconds": endurance, "rate": lasting.rate, "errors": lasting.errors},
            "replacement": replacement_of_a_worker(server),
            "start": start_of_a_worker(var, **variables),
        }


BUMP = "from initiatives.models import ContentVersion; ContentVersion.bump()"


def start_of_a_worker(var: Path, **variables) -> float:
    """Seconds to load the application from nothing: what a worker takes where the code is not preloaded."""
    program = "import time; start = time.perf_counter(); import initiatives.wsgi; print(time.perf_counter() - start)"
    env = environment(VAR_DIR=var, **variables)
    command = [sys.executable, "-c", program]
    took = [
        float(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return median(took)


def replacement_of_a_worker(server: Server) -> float:
    """Seconds from the loss of a worker until the server has announced its successor and both answer."""
    workers = [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", server.log)]
    start = time.perf_counter()
    os.kill(workers[-1], signal.SIGKILL)
    eventually(lambda: len(re.findall(r"Booting worker", server.log)) > len(workers))
    server.get("/sante")
    return time.perf_counter() - start


def _resident(pid: int) -> int:
    """Bytes of memory that a process has of its own."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M)) * 1024


def download(server: Server, address: str, rows: int) -> dict:
    """A whole export: first byte, rows a second, and by how much the workers grow meanwhile."""
    pids = [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", server.log)]
    server.get(address, "HEAD")
    before, done = sum(map(_resident, pids)), threading.Event()
    highest = before

    def watch():
        nonlocal highest
        while not done.wait(0.25):
            highest = max(highest, sum(map(_resident, pids)))

    watching = threading.Thread(target=watch)
    watching.start()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
    start = time.perf_counter()
    connection.request("GET", address)
    answer = connection.getresponse()
    size = len(answer.read(1))
    first = time.perf_counter() - start
    while part := answer.read(1 << 16):
        size += len(part)
    took = time.perf_counter() - start
    done.set()
    watching.join()
    connection.close()
    return {"first": first * 1000, "rate": rows / took, "size": size, "memory": (highest - before) / 1e6}


def stampede(server: Server, address: str, make_stale) -> dict:
    """Many clients at one moment on a page that has just become stale: how often was it computed?"""
    server.get(address)
    computed = server.log.count(" computed")
    barrier = threading.Barrier(MANY)

    def client(_):
        barrier.wait()
        try:
            return server.get(address, headers={"Accept-Encoding": "br"}).status
        except (OSError, HTTPException) as error:
            return type(error).__name__

    with ThreadPoolExecutor(MANY) as pool:
        make_stale()
        start = time.perf_counter()
        answers = Counter(pool.map(client, range(MANY)))
        took = time.perf_counter() - start
    return {"answers": dict(answers), "computed": server.log.count(" computed") - computed, "seconds": took}


def beside_booklets(server: Server, seconds: float = 10) -> dict:
    """A list, in milliseconds: alone, then while CLIENTS ask for booklets that nobody has asked for before."""
    slugs = sorted(set(re.findall(r'href="/initiatives/([\w-]+)/', server.get("/initiatives/").text)))
    alone, end, answers = _answered(server, 2), time.monotonic() + seconds, Counter()

    def client(seed: int):
        draw = random.Random(seed)
        while time.monotonic() < end:
            chosen = "&".join(f"fiche={slug}" for slug in draw.sample(slugs, len(slugs)))
            answers[server.get(f"/selection/livret.pdf?{chosen}").status] += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client, seed) for seed in range(CLIENTS)]
        beside = _answered(server, seconds)
        for one in clients:
            one.result()
    return {"answers": dict(answers), "alone": median(alone), "median": median(beside), "worst": max(beside)}


def _answered(server: Server, seconds: float) -> list[float]:
    """How long each of the lists took that are asked for one after the other, by words that nobody has used."""
    end, took = time.monotonic() + seconds, []
    while (start := time.monotonic()) < end:
        server.get(f"/initiatives/?q=mot{start}")
        took.append((time.monotonic() - start) * 1000)
    return took


def open_files():
    """Two hundred clients here, and as many connections there, are more files than some systems allow."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
