"""One training step of the 2-8-2 sigmoid MLP, batch 128, float64, as people write it in PyTorch or by hand in NumPy.

Prints CPU microseconds a step, best round first, as JSON: python3 experiment.py torch|numpy ROUNDS REPETITIONS
"""
import json
import resource
import sys


def torch_step():
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Sigmoid(), torch.nn.Linear(8, 2))
    loss_of = torch.nn.CrossEntropyLoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    points = torch.randn(12800, 2)
    labels = (points[:, 0] * points[:, 1] > 0).long()
    batch = 0

    def step():
        nonlocal batch
        batch = (batch + 1) % 100
        rows = slice(128 * batch, 128 * (batch + 1))
        optimizer.zero_grad()
        loss = loss_of(model(points[rows]), labels[rows])
        loss.backward()
        optimizer.step()

    return step


def numpy_step():
    import numpy as np

    random = np.random.default_rng(0)
    points = random.standard_normal((12800, 2))
    labels = (points[:, 0] * points[:, 1] > 0).astype(int)
    w1, b1 = random.standard_normal((8, 2)), np.zeros(8)
    w2, b2 = random.standard_normal((2, 8)), np.zeros(2)
    rows = np.arange(128)
    batch = 0

    def step():
        nonlocal batch, w1, b1, w2, b2
        batch = (batch + 1) % 100
        x = points[128 * batch : 128 * (batch + 1)]
        t = labels[128 * batch : 128 * (batch + 1)]
        hidden = 1 / (1 + np.exp(-(x @ w1.T + b1)))
        logits = hidden @ w2.T + b2
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        upstream = exponentials / exponentials.sum(axis=1, keepdims=True)
        upstream[rows, t] -= 1
        back = (upstream @ w2) * hidden * (1 - hidden)
        w2 -= 0.001 * (upstream.T @ hidden)
        b2 -= 0.001 * upstream.sum(axis=0)
        w1 -= 0.001 * (back.T @ x)
        b1 -= 0.001 * back.sum(axis=0)

    return step


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


name, rounds, repetitions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
step = {"torch": torch_step, "numpy": numpy_step}[name]()
for _ in range(repetitions):
    step()
times = []
for _ in range(rounds):
    start = cpu_seconds()
    for _ in range(repetitions):
        step()
    times.append(1e6 * (cpu_seconds() - start) / repetitions)
print(json.dumps(sorted(times)))
