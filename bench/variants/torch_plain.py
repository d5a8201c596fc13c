"""PyTorch as people write it: nn.Module, an optimizer of torch.optim, a plain loop; on one thread."""
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


class ConvNet(nn.Module):
    """The network of PyTorch's tutorial."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def mlp(inputs, hidden, outputs, activation, dtype):
    layers = nn.Sequential(nn.Linear(inputs, hidden), activation, nn.Linear(hidden, outputs))
    return layers.to(dtype)


def small():
    return mlp(2, 8, 2, nn.Sigmoid(), torch.float64)


networks = {
    "small": (small, (2,), 2, torch.float64),
    "wide": (lambda: mlp(784, 3136, 10, nn.ReLU(), torch.float32), (784,), 10, torch.float32),
    "convolutional": (ConvNet, (3, 32, 32), 10, torch.float32),
}


def step_of(task):
    make, features, classes, dtype = networks[task["network"]]
    batch = task["batch"]
    batches = 100 if task["network"] == "small" else 8
    model = make()
    loss_of = nn.CrossEntropyLoss(reduction="sum")
    momentum = 0.9 if task["network"] == "convolutional" else 0
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001 / batch, momentum=momentum)
    points = torch.rand(batches * batch, *features, dtype=dtype) * 2 - 1
    labels = torch.randint(classes, (batches * batch,))
    k = 0

    def step():
        nonlocal k
        k = (k + 1) % batches
        rows = slice(batch * k, batch * (k + 1))
        optimizer.zero_grad()
        loss = loss_of(model(points[rows]), labels[rows])
        loss.backward()
        optimizer.step()

    return step


def epochs_of(_):
    points = torch.randn(60_000, 2, dtype=torch.float64)
    labels = (points[:, 0] * points[:, 1] > 0).long()
    validation = torch.randn(10_000, 2, dtype=torch.float64)
    expected = (validation[:, 0] * validation[:, 1] > 0).long()
    loss_of = nn.CrossEntropyLoss(reduction="sum")

    def run():
        model = small()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
        history = []
        for _ in range(20):
            total = 0.0
            for start in range(0, 60_000, 128):
                rows = slice(start, start + 128)
                optimizer.zero_grad()
                loss = loss_of(model(points[rows]), labels[rows])
                loss.backward()
                optimizer.step()
                total += loss.item()
            with torch.no_grad():
                logits = model(validation)
                accuracy = (logits.argmax(1) == expected).double().mean().item()
                history.append((total / 60_000, loss_of(logits, expected).item() / 10_000, accuracy))
        return history

    return run


def product_of(task):
    dtype = getattr(torch, task["dtype"])
    x, w = (torch.rand(task["size"], task["size"], dtype=dtype) for _ in range(2))
    x = x.T if task["layout"] == "TN" else x
    w = w.T if task["layout"] == "NT" else w
    return lambda: x @ w


def prepare(task):
    prepares = {"step": step_of, "epochs": epochs_of, "product": product_of}
    return prepares[task["kind"]](task) if task["kind"] in prepares else None
