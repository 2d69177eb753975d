#!/usr/bin/env python3
"""Time the reference, circuit-tracer 0.5.0 with nnsight, on a shape that `circuit-tracer bench` has made.

    time_reference.py MODEL SET --tokens 1,5,9 [--nodes N] [--batches 256,32] [--layers 1,8,14] [--threads N]

MODEL and SET are folders. Prints one JSON line: seconds of each step, best of two for the short ones. `circuit-tracer bench --shape NAME
--reference PYTHON` runs it.
"""
import argparse
import glob
import json
import os
import resource
import time

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("set")
parser.add_argument("--tokens", required=True)
parser.add_argument("--nodes", type=int, default=1024)
parser.add_argument("--batches", default="256")
parser.add_argument("--layers", default="1")
parser.add_argument("--threads", type=int, default=os.cpu_count())
arguments = parser.parse_args()
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

start = time.perf_counter()
import torch
import yaml
from circuit_tracer import ReplacementModel, attribute
from circuit_tracer.transcoder.cross_layer_transcoder import load_clt
from circuit_tracer.transcoder.single_layer_transcoder import load_transcoder_set

torch.set_num_threads(arguments.threads)
device, dtype = torch.device("cpu"), torch.float32


def load_set(folder):
    with open(os.path.join(folder, "config.yaml")) as file:
        config = yaml.safe_load(file)
    hooks = dict(feature_input_hook=config["feature_input_hook"], feature_output_hook=config["feature_output_hook"], scan=config["scan"])
    if config["model_kind"] == "cross_layer_transcoder":
        return load_clt(folder, device=device, dtype=dtype, lazy_encoder=False, lazy_decoder=True, **hooks)
    count = len(glob.glob(os.path.join(folder, "layer_*.safetensors")))
    paths = {layer: os.path.join(folder, f"layer_{layer}.safetensors") for layer in range(count)}
    return load_transcoder_set(paths, device=device, dtype=dtype, lazy_encoder=False, lazy_decoder=True, **hooks)


model = ReplacementModel.from_pretrained_and_transcoders(
    arguments.model, load_set(arguments.set), backend="nnsight", device=device, dtype=dtype)
times = {"load": time.perf_counter() - start}


def best(work, runs=2):
    shortest = float("inf")
    for _ in range(runs):
        begin = time.perf_counter()
        result = work()
        shortest = min(shortest, time.perf_counter() - begin)
    return shortest, result


tokens = torch.tensor([int(token) for token in arguments.tokens.split(",")])
times["activations"], (_, active) = best(lambda: model.get_activations(tokens))
for layer in arguments.layers.split(","):
    found = active[int(layer)].to_dense().nonzero()
    if len(found) == 0:
        continue
    position, feature = (int(number) for number in found[0])
    edit = [(int(layer), position, feature, 0.0)]
    times[f"intervention_{layer}"], _ = best(lambda: model.feature_intervention(tokens, edit, return_activations=True))
for batch in arguments.batches.split(","):
    times[f"attribution_{batch}"], graph = best(
        lambda: attribute(tokens, model, batch_size=int(batch), max_feature_nodes=arguments.nodes, verbose=False), runs=1)
    times["features"] = len(graph.active_features)
times["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({key: round(value, 3) for key, value in times.items()}))
