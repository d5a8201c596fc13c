"""Executes notebooks as nbclient or nbconvert does, one line of JSON each: what was raised, and which outputs say so.

Reads a JSON object from standard input: kernel, front ("nbclient" or "nbconvert"), jobs, memory (megabytes of all processes of
one kernel) and notebooks, a list of objects with path, timeout (seconds) and optionally written, where to put the outputs.
"""

import concurrent.futures
import json
import logging
import os
import signal
import sys
import threading
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors import ExecutePreprocessor


def execute(task):
    path = task["path"]
    verdict = {"path": path, "raised": None, "errors": []}
    watch = MemoryWatch(task["memory"])
    try:
        notebook = nbformat.read(path, as_version=4)
        folder = os.path.dirname(path)
        options = {"timeout": task["timeout"], "kernel_name": task["kernel"], "startup_timeout": 120}
        try:
            if task["front"] == "nbconvert":
                ExecutePreprocessor(**options).preprocess(notebook, {"metadata": {"path": folder}})
            else:
                NotebookClient(notebook, resources={"metadata": {"path": folder}}, **options).execute()
        finally:
            outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
            verdict["errors"] = [output["ename"] for output in outputs if output["output_type"] == "error"]
            if "written" in task:
                nbformat.write(notebook, task["written"])
    except Exception as error:
        verdict["raised"] = type(error).__name__
    finally:
        watch.end()
    return verdict


class MemoryWatch(threading.Thread):
    """Ends the largest process below this one when all of them together hold more than the limit."""

    def __init__(self, limit):
        super().__init__(daemon=True)
        self.limit = limit
        self.ended = threading.Event()
        self.start()

    def end(self):
        self.ended.set()
        self.join()

    def run(self):
        while not self.ended.wait(0.1):
            held = {process: megabytes(process) for process in below(os.getpid())}
            if sum(held.values()) > self.limit:
                stop(max(held, key=held.get))


def below(process):
    found = []
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children") as children:
                for child in children.read().split():
                    found += [int(child), *below(int(child))]
    except OSError:
        pass
    return found


def megabytes(process):
    try:
        with open(f"/proc/{process}/statm") as memory:
            return int(memory.read().split()[1]) * 4096 / 1_048_576
    except OSError:
        return 0


def stop(process):
    try:
        os.kill(process, signal.SIGKILL)
    except OSError:
        pass


if __name__ == "__main__":
    given = json.load(sys.stdin)
    shared = {key: given[key] for key in ("kernel", "front", "memory")}
    tasks = [{**shared, **notebook} for notebook in given["notebooks"]]
    with concurrent.futures.ProcessPoolExecutor(given["jobs"]) as pool:
        for verdict in pool.map(execute, tasks):
            print(json.dumps(verdict), flush=True)
