"""The small network as people write it by hand in NumPy, and NumPy's matrix product; on one thread."""
import numpy as np

random = np.random.default_rng(0)


def training_of(batch, batches):
    """A step of training, and the logits of other points."""
    points = random.standard_normal((batches * batch, 2))
    labels = (points[:, 0] * points[:, 1] > 0).astype(int)
    w1, b1 = random.standard_normal((8, 2)), np.zeros(8)
    w2, b2 = random.standard_normal((2, 8)), np.zeros(2)
    k = 0

    def step():
        nonlocal k, w1, b1, w2, b2
        k = (k + 1) % batches
        x = points[batch * k : batch * (k + 1)]
        t = labels[batch * k : batch * (k + 1)]
        hidden = 1 / (1 + np.exp(-(x @ w1.T + b1)))
        upstream, loss = softmax_and_loss(hidden @ w2.T + b2, t)
        upstream[np.arange(batch), t] -= 1
        back = (upstream @ w2) * hidden * (1 - hidden)
        w2 -= 0.001 * (upstream.T @ hidden)
        b2 -= 0.001 * upstream.sum(axis=0)
        w1 -= 0.001 * (back.T @ x)
        b1 -= 0.001 * back.sum(axis=0)
        return loss

    def logits_of(x):
        return 1 / (1 + np.exp(-(x @ w1.T + b1))) @ w2.T + b2

    return step, logits_of


def softmax_and_loss(logits, labels):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities, -np.log(probabilities[np.arange(len(labels)), labels]).sum()


def step_of(task):
    return training_of(task["batch"], 100)[0] if task["network"] == "small" else None


def epochs_of(_):
    validation = random.standard_normal((10_000, 2))
    expected = (validation[:, 0] * validation[:, 1] > 0).astype(int)

    def run():
        step, logits_of = training_of(128, 469)
        history = []
        for _ in range(20):
            training_loss = sum(step() for _ in range(469)) / 60_000
            logits = logits_of(validation)
            validation_loss = softmax_and_loss(logits, expected)[1] / 10_000
            history.append((training_loss, validation_loss, (logits.argmax(axis=1) == expected).mean()))
        return history

    return run


def product_of(task):
    x, w = (random.random((task["size"], task["size"])).astype(task["dtype"]) for _ in range(2))
    x = x.T if task["layout"] == "TN" else x
    w = w.T if task["layout"] == "NT" else w
    return lambda: x @ w


def prepare(task):
    prepares = {"step": step_of, "epochs": epochs_of, "product": product_of}
    return prepares[task["kind"]](task) if task["kind"] in prepares else None
