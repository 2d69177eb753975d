#!/usr/bin/env python3
"""What the reference (circuit-tracer 0.5.0, nnsight backend, float32) computes on the sets that checkpoints.py made.

    golden.py HUB OUT SET... [--prompt TEXT]... [--interventions 0,1,2,3,4,5]

OUT/ORG--SET/promptN/ holds, for each set and prompt,
  case.json            prompt, token ids, settings, scores, interventions, a generation's text
  tensors.npz          logits [pos, vocab]; active_features [n, 3] (layer, pos, feature); activation_values [n]; adjacency
                       [nodes, nodes] (row = target; features, errors layer-major, tokens, logits); logit_token_ids;
                       logit_probabilities; selected_features; half.* the same with max_feature_nodes = n / 2; node_mask,
                       edge_mask, cumulative_scores of pruning at 0.8 / 0.98; iK.logits [pos, vocab], iK.active_features,
                       iK.activation_values after intervention K; generate.logits [new, vocab]; of the first prompt also
                       targets.* (two named tokens) and diff.adjacency (the direction between them)
Stored bfloat16 and float16 are widened to float32 before anything is computed.
"""
import argparse, contextlib, io, json, os, pathlib

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("hub"); ap.add_argument("out"); ap.add_argument("sets", nargs="+")
ap.add_argument("--prompt", action="append"); ap.add_argument("--interventions", default="0,1,2,3,4,5")
a = ap.parse_args()
os.environ.update(HF_HUB_CACHE=a.hub, HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import torch
from circuit_tracer import ReplacementModel, attribute
from circuit_tracer.attribution.targets import CustomTarget
from circuit_tracer.graph import compute_graph_scores, prune_graph
from circuit_tracer.transcoder.activation_functions import TopK
from circuit_tracer.utils import hf_utils
from common import save_golden

hf_utils.download_hf_uris = lambda uris, max_workers=1: {u: hf_utils.download_hf_uri(u) for u in uris}  # all offline
PROMPTS = a.prompt or ["The capital of the state", "l'été 大 36+59=", "def add(x, y):\n\treturn x"]
HALF = dict(max_n_logits=8, desired_logit_prob=0.12, batch_size=16, max_feature_nodes=None, update_interval=2)


def load(name):
    transcoders, config = hf_utils.load_transcoder_from_hub(name, dtype=torch.float32, lazy_encoder=False, lazy_decoder=False)
    if config.get("activation") == "topk":  # as newer releases do; 0.5.0 has the function and does not read the key
        for transcoder in transcoders:
            transcoder.activation_function = TopK(config["k"])
    model = ReplacementModel.from_pretrained_and_transcoders(
        config["model_name"], transcoders, backend="nnsight", dtype=torch.float32)
    assert {p.dtype for part in (model, transcoders) for p in part.parameters()} == {torch.float32}
    if "gemma3" in config["model_name"]:
        # Gemma 3 scales its embeddings inside the embedding module; the reference takes the unscaled weights as token vectors.
        model.embed_weight = model.embed_weight * model.embed_weight.shape[1] ** 0.5
    return model


def graph_tensors(g, prefix=""):
    return {prefix + "active_features": g.active_features, prefix + "activation_values": g.activation_values,
            prefix + "adjacency": g.adjacency_matrix, prefix + "selected_features": g.selected_features,
            prefix + "logit_token_ids": g.logit_token_ids, prefix + "logit_probabilities": g.logit_probabilities}


def interventions(g, layers, positions):
    """Ablate, double, negate several, steer at the last position: on the strongest features of the first and a middle layer."""
    strongest = g.activation_values.argsort(descending=True).tolist()
    features = [tuple(g.active_features[i].tolist()) for i in strongest]
    values = [float(g.activation_values[i]) for i in strongest]
    first, second = sorted(range(len(features)), key=lambda i: (features[i][0], -values[i]))[:2]
    middle = next(i for i in range(len(features)) if features[i][0] == layers // 2)

    def case(*edits, freeze=True, constrained=None):
        return dict(features=[[*features[i], factor * values[i]] for i, factor in edits],
                    freeze_attention=freeze, constrained=constrained)

    steered = dict(features=[[features[middle][0], positions - 1, features[middle][2], 5 * values[middle]]],
                   freeze_attention=True, constrained=None)
    return [case((first, 0)), case((first, 2), freeze=False),
            case((second, -3), (middle, 0), constrained=[0, layers]),
            case((first, 4), (middle, 2), constrained=[0, layers - 1]), steered,
            case((middle, 0), (first, 0), constrained=[0, layers // 2])]


for name in a.sets:
    model = load(name)
    for k, prompt in enumerate(PROMPTS):
        g = attribute(prompt, model, max_n_logits=10, desired_logit_prob=0.95, batch_size=64)
        n, positions = len(g.active_features), len(g.input_tokens)
        logits = model.get_activations(g.input_tokens)[0].squeeze(0)
        t = graph_tensors(g) | {"logits": logits}
        half = HALF | dict(max_feature_nodes=n // 2)
        t |= graph_tensors(attribute(prompt, model, **half), "half.")
        t["node_mask"], t["edge_mask"], t["cumulative_scores"] = prune_graph(g, 0.8, 0.98)
        replacement, completeness = compute_graph_scores(g)
        top = logits[-1].topk(2).indices
        if k == 0:
            t |= graph_tensors(attribute(prompt, model, attribution_targets=top, batch_size=64), "targets.")
            unembed = model.unembed_proj if model.unembed_proj.shape[0] == logits.shape[-1] else model.unembed_proj.T
            direction = (unembed[top[0]] - unembed[top[1]]).detach().clone()
            t["diff.adjacency"] = attribute(
                prompt, model, attribution_targets=[CustomTarget("difference", 1.0, direction)], batch_size=64).adjacency_matrix
        cases = interventions(g, model.transcoders.n_layers, positions)
        kept = [cases[int(i)] for i in a.interventions.split(",")]
        for i, c in enumerate(kept):
            layers = range(*c["constrained"]) if c["constrained"] else None
            inputs = g.input_tokens if c["freeze_attention"] else g.input_string  # it counts positions from the text otherwise
            after, readings = model.feature_intervention(
                inputs, [tuple(f) for f in c["features"]], constrained_layers=layers, freeze_attention=c["freeze_attention"])
            readings = readings.to_dense() if readings.is_sparse else readings
            t |= {f"i{i}.logits": after.squeeze(0), f"i{i}.active_features": readings.nonzero(),
                  f"i{i}.activation_values": readings[tuple(readings.nonzero().T)]}
        layer, position, index, value = cases[4]["features"][0]
        with contextlib.redirect_stdout(io.StringIO()):
            text, t["generate.logits"], _ = model.feature_intervention_generate(
                g.input_tokens, [(layer, slice(position, None), index, value)], do_sample=False, max_new_tokens=8, verbose=False)
        folder = pathlib.Path(a.out) / name.replace("/", "--") / f"prompt{k}"
        folder.mkdir(parents=True, exist_ok=True)
        save_golden(t, folder)
        tokens = g.input_tokens.tolist()
        (folder / "case.json").write_text(json.dumps(dict(
            transcoder_set=name, prompt=prompt, input_tokens=tokens, token_strings=[model.tokenizer.decode(x) for x in tokens],
            input_string=g.input_string, settings=dict(max_n_logits=10, desired_logit_prob=0.95),
            half_settings=half, replacement_score=replacement,
            completeness_score=completeness, targets=top.tolist(), interventions=kept, generation=dict(
                intervention=[layer, f"{position}:", index, value], max_new_tokens=8, text=text)), indent=1, ensure_ascii=False))
        print(name, k, n, "features,", g.adjacency_matrix.shape[0], "nodes")
