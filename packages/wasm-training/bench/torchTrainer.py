"""Trains the same networks in PyTorch on one thread, and answers the same requests as trainer.mjs, a line of JSON each."""

import json
import math
import signal
import sys
import time

# Ctrl-C is for the program that started this one, which then ends it.
signal.signal(signal.SIGINT, signal.SIG_IGN)

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)
        self.logits = nn.Linear(128, 10)

    def forward(self, x):
        return self.logits(self.lstm(x)[0][:, -1])


class Sine(nn.Module):
    def __init__(self, inputs, limit):
        super().__init__()
        self.linear = nn.Linear(inputs, 256)
        nn.init.uniform_(self.linear.weight, -limit, limit)

    def forward(self, x):
        return torch.sin(30 * self.linear(x))


def siren():
    limit = math.sqrt(6 / 256) / 30
    return nn.Sequential(Sine(2, 1 / 2), *[Sine(256, limit) for _ in range(4)], nn.Linear(256, 1))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.inputs = nn.Linear(width, 3 * width)
        self.outputs = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        parts = self.inputs(x).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        heads = F.scaled_dot_product_attention(*parts)
        return self.outputs(heads.transpose(1, 2).reshape(batch, tokens, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.Sequential(nn.LayerNorm(width, 1e-6), Attention(width, heads))
        self.dense = nn.Sequential(
            nn.LayerNorm(width, 1e-6),
            nn.Linear(width, 4 * width),
            nn.GELU(approximate='tanh'),
            nn.Linear(4 * width, width),
        )

    def forward(self, x):
        x = x + self.attention(x)
        return x + self.dense(x)


class VisionTransformer(nn.Module):
    def __init__(self, width=192, depth=2, heads=3):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.positions = nn.Parameter(0.02 * torch.randn(64, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.normalized = nn.LayerNorm(width, 1e-6)
        self.logits = nn.Linear(width, 10)

    def forward(self, x):
        tokens = self.patches(x).flatten(2).transpose(1, 2) + self.positions
        return self.logits(self.normalized(self.blocks(tokens)).mean(1))


def convolution(channels, filters, size, stride):
    layer = nn.Conv2d(channels, filters, size, stride, size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(filters))


class Residual(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = convolution(channels, filters, 3, stride)
        self.second = convolution(filters, filters, 3, 1)
        self.shortcut = nn.Identity() if stride == 1 else convolution(channels, filters, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = convolution(3, 32, 3, 1)
        self.blocks = nn.Sequential(Residual(32, 32, 1), Residual(32, 64, 2))
        self.logits = nn.Linear(64, 10)

    def forward(self, x):
        return self.logits(self.blocks(F.relu(self.stem(x))).mean((2, 3)))


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [3, 64, 128, 1024]
        layers = [nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in zip(widths, widths[1:])]
        self.shared = nn.Sequential(*layers)
        self.logits = nn.Linear(1024, 40)

    def forward(self, x):
        return self.logits(self.shared(x).max(1).values)


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3)


def momentum(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


# Model, shape of the batch, number of outputs, and optimiser. One output is a regression.
recipes = {
    'mlp': (mlp, (64, 784), 10, adam),
    'lstm': (Lstm, (64, 28, 28), 10, adam),
    'siren': (siren, (4096, 2), 1, adam),
    'vit': (VisionTransformer, (16, 3, 32, 32), 10, adam),
    'resnet': (ResNet, (64, 3, 32, 32), 10, momentum),
    'pointnet': (PointNet, (64, 1024, 3), 40, adam),
}


def create(request):
    global step
    model_of, shape, outputs, optimizer_of = recipes[request['model']]
    model = model_of()
    optimizer = optimizer_of(model.parameters())
    x = 2 * torch.rand(shape) - 1
    y = torch.randn(shape[0], 1) if outputs == 1 else 7 * torch.arange(shape[0]) % outputs
    loss_of = F.mse_loss if outputs == 1 else F.cross_entropy

    def step():
        loss = loss_of(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    parameters = sum(parameter.numel() for parameter in model.parameters())
    return {'parameters': parameters, 'runtime': f'PyTorch {torch.__version__}, one thread'}


def time_steps(request):
    steps, milliseconds = request['steps'], request['milliseconds']
    times, before = [], time.process_time()
    while len(times) < steps and (sum(times) < milliseconds or not times):
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    return {'milliseconds': times, 'processorMilliseconds': 1000 * (time.process_time() - before) / len(times)}


answers = {'create': create, 'time': time_steps}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {'value': answers[request['kind']](request)}
    except Exception as error:
        answer = {'error': f'{type(error).__name__}: {error}'.split(chr(10))[0]}
    print(json.dumps(answer), flush=True)
