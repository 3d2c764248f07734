/** Answers requests on standard input, a line of JSON each: what a Python program would do with numpy or PyTorch. */
export const pythonScript = `
import json, sys, time

class Numpy:
    def __init__(self, pattern, size):
        import numpy
        self.random = numpy.random.default_rng(1)
        self.scores = numpy.resize(numpy.array(pattern), size)
        self.normalize()
        self.bytes = self.scores.nbytes + self.p.nbytes
    def normalize(self):
        self.p = self.scores / self.scores.sum()
    def draw(self, count):
        return self.random.choice(len(self.scores), count, p=self.p)
    def update(self, indices, scores):
        self.scores[indices] = scores
        self.normalize()

class Torch:
    def __init__(self, pattern, size):
        import torch
        torch.set_num_threads(1)
        torch.manual_seed(1)
        self.torch = torch
        self.scores = torch.tensor(pattern, dtype=torch.float64).repeat(-(-size // len(pattern)))[:size].clone()
        self.bytes = 8 * size
    def draw(self, count):
        return self.torch.multinomial(self.scores, count, replacement=True)
    def update(self, indices, scores):
        self.scores[indices] = scores

def solve_low(squares, lam):
    from cvxopt import matrix, solvers, spdiag
    solvers.options.update(show_progress=False, abstol=1e-13, reltol=1e-13, feastol=1e-10)
    n = len(squares)
    eye = spdiag([1.0] * n)
    solution = solvers.qp(2 * lam * eye, -matrix(squares), -eye, matrix(0.0, (n, 1)), matrix(1.0, (1, n)), matrix([float(n)]))
    return list(solution['x'])

def available():
    names = []
    for module, name in [('numpy', 'numpy'), ('torch', 'torch'), ('cvxopt', 'cvxopt')]:
        try:
            names.append(name + ' ' + __import__(module).__version__)
        except ImportError:
            pass
    return names

sampler = None

def answer(request):
    global sampler
    kind = request['kind']
    if kind == 'available':
        return available()
    if kind == 'create':
        sampler = {'numpy': Numpy, 'torch': Torch}[request['library']](request['pattern'], request['size'])
        return sampler.bytes
    if kind == 'sample':
        return sampler.draw(request['count']).tolist()
    if kind == 'low':
        start = time.perf_counter()
        weights = solve_low(request['squares'], request['lambda'])
        return {'milliseconds': 1000 * (time.perf_counter() - start), 'weights': weights}
    update = request['work'] != 'draw'
    start = time.perf_counter()
    for _ in range(request['batches']):
        indices = sampler.draw(request['batchSize'])
        if update:
            sampler.update(indices, sampler.scores[indices])
    return 1000 * (time.perf_counter() - start)

for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
`;
