"""A Spark cluster of one master and two workers on this machine, each a process that can be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import psutil

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """Started with it, gone with `stop`."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder, self.processes = folder, []
        port = free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.begin(MASTER, "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.2)
        for number in range(workers):
            self.begin(
                WORKER, "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                "--webui-port", "0", "--work-dir", str(folder / f"worker{number}"), self.url,
            )  # fmt: skip

    def begin(self, *arguments: str) -> None:
        """One process of the cluster."""
        import pyspark

        home = Path(pyspark.__file__).parent
        with (self.folder / "cluster.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *arguments], stdout=log, stderr=log,
                    env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
                )
            )  # fmt: skip

    def kill_worker(self) -> int:
        """kill -9 of a worker and its executors, as when a machine goes; how many processes died."""
        process = psutil.Process(self.processes[1].pid)
        family = [process, *process.children(recursive=True)]
        for one in family:
            one.kill()
        return len(family)

    def stop(self) -> None:
        """End every process."""
        for process in self.processes:
            if process.poll() is None:
                family = psutil.Process(process.pid).children(recursive=True)
                for one in family:
                    one.terminate()
                process.terminate()
                process.wait(20)
