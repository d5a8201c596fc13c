"""Measures one workload of one variant in a process of its own, as measure.ts does.

Prints the CPU microseconds of a repetition, one number a round, as JSON, or null when the variant does not do the task:
measure.py VARIANT TASK-AS-JSON ROUNDS MILLISECONDS-A-ROUND
"""
import importlib
import json
import os
import resource
import sys


def cpu_microseconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return 1e6 * (used.ru_utime + used.ru_stime)


def run(repeat, repetitions):
    since = cpu_microseconds()
    for _ in range(repetitions):
        repeat()
    return cpu_microseconds() - since


def repetitions_for(repeat, microseconds):
    last = run(repeat, 1)
    repetitions, spent = 1, last
    while spent < 10 * microseconds:
        last = max(1, run(repeat, repetitions))
        repetitions = max(1, round(repetitions * microseconds / last))
        spent += last
    return repetitions


sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "variants"))
variant, task, rounds, milliseconds = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
repeat = importlib.import_module(variant).prepare(task)
if repeat is None:
    print("null")
else:
    repetitions = repetitions_for(repeat, 1000 * milliseconds)
    times = []
    for _ in range(rounds):
        times.append(run(repeat, repetitions) / repetitions)
        if sum(times) * repetitions > 2000 * rounds * milliseconds:
            break  # who takes that long for a repetition is measured less often
    print(json.dumps(times))
