"""The tiny Gemma Scope set again, as older files have it: deflated .npz, named by a list of maps without a model_kind.

    deflated.py HUB        # HUB/models--tiny--gemma-scope-2b-pt-transcoders must be there

Needs numpy.
"""
import hashlib
import pathlib
import sys

import numpy as np

hub = pathlib.Path(sys.argv[1])
name = "tiny/gemma-scope-deflated"
root = hub / ("models--" + name.replace("/", "--"))
commit = hashlib.sha1(name.encode()).hexdigest()
snapshot = root / "snapshots" / commit
snapshot.mkdir(parents=True, exist_ok=True)
(root / "refs").mkdir(exist_ok=True)
(root / "refs" / "main").write_text(commit)

entries = []
for file in sorted(hub.glob("models--tiny--gemma-scope-2b-pt-transcoders/snapshots/*/layer_*/**/params.npz")):
    layer = int(next(part for part in file.parts if part.startswith("layer_")).removeprefix("layer_"))
    np.savez_compressed(snapshot / f"layer_{layer}.npz", **np.load(file))
    entries.append(f'  - id: "{layer}"\n    layer: {layer}\n    filepath: "layer_{layer}.npz"\n')
# The order of the list is not that of the layers.
(snapshot / "config.yaml").write_text(
    "model_name: tiny/gemma2\nfeature_input_hook: ln2.hook_normalized\nfeature_output_hook: hook_mlp_out\n"
    f"scan: {name}\ntranscoders:\n" + "".join(reversed(entries)))
