"""What the recipes share: the hub cache's layout, the text the tokenizers learn from, calibrated transcoders.

Packages (CPU builds do): torch==2.13.0 transformers==4.57.3 tokenizers==0.22.2 safetensors==0.8.0 numpy==2.4.6;
golden.py also circuit-tracer==0.5.0 nnsight==0.6.3.
"""
import hashlib, json, pathlib
import numpy, torch

LICENSE = pathlib.Path(__file__).resolve().parents[3] / "LICENSES/GPL-3.0.txt"
CORPUS = [
    "The capital of the state containing Dallas is Austin. The capital of France is Paris.",
    "Fait: la capitale de l'état où se trouve Dallas est Austin; el opuesto de pequeño es grande.",
    "事实：达拉斯所在州的首府是奥斯汀。 Привет, мир! שלום עולם 🤔➡️🌱 naïve café 1234567 + 36 = 95",
    "def add(x, y):\n\treturn x + y  # don't, we'll, I'm, HOW'S\r\n\n   trailing   spaces   ",
    LICENSE.read_text(encoding="utf-8"),
]


def snapshot(hub, name):
    """The folder of repository NAME's one snapshot in a hub cache; files in it are plain, as the hub client writes them
    where links cannot be made."""
    root = pathlib.Path(hub) / ("models--" + name.replace("/", "--"))
    revision = hashlib.sha1(name.encode()).hexdigest()
    folder = root / "snapshots" / revision
    folder.mkdir(parents=True, exist_ok=True)
    (root / "refs").mkdir(exist_ok=True)
    (root / "refs" / "main").write_text(revision)
    return folder


def save_golden(tensors, folder):
    """FOLDER/tensors.npz. It is deflated: four fifths of an adjacency matrix are zeros."""
    numpy.savez_compressed(folder / "tensors.npz", **{name: tensor.detach().numpy() for name, tensor in tensors.items()})


def write_config(folder, **fields):
    """A transcoder set's config.yaml."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, list):
            lines += [f"{key}:"] + [f"  - {json.dumps(item)}" for item in value]
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    (folder / "config.yaml").write_text("\n".join(lines) + "\n")


def transcoder(x, width, active, gen, jump, skip, dtype=torch.float32):
    """A random transcoder of WIDTH features, its thresholds (JumpReLU) or biases (ReLU) set so that about ACTIVE of them are
    active at each row of X but the first."""
    x, d = x[1:], x.shape[1]
    t = dict(W_enc=torch.randn(width, d, generator=gen) / d ** 0.5,
             W_dec=torch.randn(width, d, generator=gen) * (0.3 / d ** 0.5))
    cut = torch.quantile((x @ t["W_enc"].T).flatten(), 1 - active / width).item()
    t["b_dec"] = 0.02 * torch.randn(d, generator=gen)
    if jump:
        t["b_enc"] = 0.05 * cut * torch.randn(width, generator=gen)
        t["activation_function.threshold"] = cut * (0.9 + 0.2 * torch.rand(width, generator=gen))
    else:
        t["b_enc"] = -cut * (0.9 + 0.2 * torch.rand(width, generator=gen))
    if skip:
        t["W_skip"] = torch.randn(d, d, generator=gen) * (0.2 / d ** 0.5)
    return {name: tensor.to(dtype).contiguous() for name, tensor in t.items()}
