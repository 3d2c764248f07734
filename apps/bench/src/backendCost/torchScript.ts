/**
 * Trains the PyTorch twins of `benchModels`, and answers requests on standard input, a line of JSON each: what
 * `backendWorker` does with TensorFlow.js, for uniform sampling only.
 */
export const torchScript = `
import gc, json, math, platform, signal, sys, time

# Ctrl-C is for the program that started this one, which then ends both.
signal.signal(signal.SIGINT, signal.SIG_IGN)
SIZE = 1024

def build():
    import torch
    from torch import nn
    from torch.nn import functional as F

    def normalized(channels, width, kernel, stride):
        convolution = nn.Conv2d(channels, width, kernel, stride, kernel // 2, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(width))

    class Residual(nn.Module):
        def __init__(self, channels, width, stride):
            super().__init__()
            self.first = normalized(channels, width, 3, stride)
            self.second = normalized(width, width, 3, 1)
            same = stride == 1 and channels == width
            self.shortcut = nn.Identity() if same else normalized(channels, width, 1, stride)
        def forward(self, x):
            return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))

    class ResNet18(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = normalized(3, 64, 3, 1)
            blocks, channels = [], 64
            for width, stride in [(64, 1), (128, 2), (256, 2), (512, 2)]:
                blocks += [Residual(channels, width, stride), Residual(width, width, 1)]
                channels = width
            self.blocks = nn.Sequential(*blocks)
            self.logits = nn.Linear(512, 10)
        def forward(self, x):
            return self.logits(self.blocks(F.relu(self.stem(x))).mean((2, 3)))

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
            self.dense = nn.Sequential(nn.LayerNorm(width, 1e-6), nn.Linear(width, 4 * width),
                                       nn.GELU(approximate='tanh'), nn.Linear(4 * width, width))
        def forward(self, x):
            x = x + self.attention(x)
            return x + self.dense(x)

    class VisionTransformer(nn.Module):
        def __init__(self, width=192, depth=4, heads=3):
            super().__init__()
            self.patches = nn.Conv2d(3, width, 4, 4)
            self.positions = nn.Parameter(0.02 * torch.randn(64, width))
            self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
            self.normalized = nn.LayerNorm(width, 1e-6)
            self.logits = nn.Linear(width, 10)
        def forward(self, x):
            tokens = self.patches(x).flatten(2).transpose(1, 2) + self.positions
            return self.logits(self.normalized(self.blocks(tokens)).mean(1))

    def mlp():
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))

    def cnn():
        return nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, 1, 1), nn.ReLU(),
                             nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2048, 64), nn.ReLU(), nn.Linear(64, 10))

    small, large = (1, 28, 28), (3, 32, 32)
    return torch, F, {'mlp': (mlp, small), 'cnn': (cnn, large), 'resnet18': (ResNet18, large), 'vit': (VisionTransformer, large)}

class Training:
    def __init__(self, model, batch_size):
        create, shape = models[model]
        torch.manual_seed(1)
        self.batch_size = batch_size
        self.model = create().to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=3e-4)
        self.x = torch.randn(SIZE, *shape, device=device)
        self.y = torch.randint(0, 10, (SIZE,), device=device)
        self.parameters = sum(parameter.numel() for parameter in self.model.parameters())
    def step(self):
        indices = torch.randint(0, SIZE, (self.batch_size,), device=device)
        losses = F.cross_entropy(self.model(self.x[indices]), self.y[indices], reduction='none')
        self.optimizer.zero_grad()
        losses.mean().backward()
        self.optimizer.step()
        # What a method learns from is read in every step, by all that take part.
        return losses.detach().cpu()
    def time(self, steps, milliseconds):
        times, before = [], time.process_time()
        while len(times) < steps and (sum(times) < milliseconds or not times):
            start = time.perf_counter()
            self.step()
            times.append(1000 * (time.perf_counter() - start))
        return {'milliseconds': times, 'processorMilliseconds': 1000 * (time.process_time() - before) / len(times)}

device, training = 'cpu', None

def start(request):
    global torch, F, models, device
    torch, F, models = build()
    device, threads = request['backend'], request['threads']
    torch.set_num_threads(threads)
    accelerators = [name for name, has in [('cuda', torch.cuda.is_available()), ('mps', torch.backends.mps.is_available())] if has]
    kind = {'cuda': lambda: torch.cuda.get_device_name(), 'mps': lambda: 'Metal'}.get(device)
    where = kind() if kind else f"{threads} {'thread' if threads == 1 else 'threads'}"
    versions = {'torch': torch.__version__, 'python': platform.python_version()}
    in_force = {'threads': torch.get_num_threads()} if device == 'cpu' else {}
    return {'device': f'PyTorch {torch.__version__}, {where}', 'isSoftware': False, **in_force, 'accelerators': accelerators,
            'environment': {'packages': versions, 'backend': where}}

def answer(request):
    global training
    kind = request['kind']
    if kind == 'start':
        return start(request)
    if kind == 'create':
        training = Training(request['model'], request['batchSize'])
        return {'parameters': training.parameters}
    if kind == 'time':
        return training.time(request['steps'], request['milliseconds'])
    if kind == 'release':
        training = None
        gc.collect()
        if device == 'cuda':
            torch.cuda.empty_cache()
        return None
    raise ValueError(f'no request {kind}')

for line in sys.stdin:
    try:
        reply = {'value': answer(json.loads(line))}
    except Exception as error:
        reply = {'error': f'{type(error).__name__}: {error}'.split(chr(10))[0]}
    print(json.dumps(reply), flush=True)
`;
