"""Measures what is shipped, the rounded weights, and writes report.json and heldout.json."""
import argparse
import itertools
import json
import pathlib
import random

import torch
from tokenizers import Tokenizer

import corpus
import data
import graph
import model as llama
import transcoders as tc

PAIRS = 100
BATCHES = 40
GRAPHS_PER_FAMILY = 6
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
GRAPH_FAMILIES = ("two_hop", "opposites", "analogies", "sums", "country_two_hop", "sports")


@torch.no_grad()
def held_out_sites(model, tokenizer, held_out, per_family=100):
    """MLP inputs and outputs of held-out prompts, one prompt at a time, without position 0."""
    for items in held_out.values():
        for item in items[:per_family]:
            run = model(torch.tensor([tokenizer.encode(item["prompt"]).ids]), record=True)
            yield torch.cat(run.mlp_inputs)[:, 1:], torch.cat(run.mlp_outputs)[:, 1:]


def swap_pairs(held_out, tokenizer, seed):
    """Random pairs of held-out cities in different states, with where their tokens are (BOS is 0)."""
    rng = random.Random(seed)
    pairs = []
    while len(pairs) < PAIRS:
        a, b = rng.sample(held_out["two_hop"], 2)
        if a["state"] == b["state"]:
            continue
        pair = {}
        for side, item in (("A", a), ("B", b)):
            before = item["prompt"][:item["prompt"].rindex(item["city"]) + len(item["city"])]
            ids = tokenizer.encode(item["prompt"]).ids
            pair |= {f"prompt{side}": item["prompt"], f"city{side}": item["city"], f"answer{side}": item["answer"],
                     f"city_last_token_position{side}": len(tokenizer.encode(before).ids) - 1,
                     f"last_position{side}": len(ids) - 1,
                     f"answer_first_token{side}": tokenizer.encode(item["prompt"] + item["answer"]).ids[len(ids)]}
        pairs.append(pair)
    return pairs


@torch.no_grad()
def swapped_top(model, plt, tokenizer, pair, layers, places=("city_last_token_position", "last_position")):
    """Run A's prompt with B's features at the places where they correspond, in the given layers; A's attention
    patterns frozen, the true MLPs running. Returns the top token at the last position."""
    a, b = (torch.tensor([tokenizer.encode(pair[f"prompt{s}"]).ids]) for s in "AB")
    run_a, run_b = model(a, record=True), model(b, record=True)
    active_a, active_b = (plt.active(torch.cat(run.mlp_inputs)) for run in (run_a, run_b))

    def edit(layer, mlp_input, mlp_output):
        if layer not in layers:
            return mlp_output
        current = plt.active_at(layer, mlp_input[0])
        mlp_output = mlp_output.clone()
        for place in places:
            at_a, at_b = pair[place + "A"], pair[place + "B"]
            changed = (active_a[layer, at_a] > 0) | (active_b[layer, at_b] > 0)
            delta = (active_b[layer, at_b] - current[at_a]) * changed
            mlp_output[0, at_a] += delta @ plt.decoders[layer][:, 0]
        return mlp_output

    return model(a, patterns=run_a.patterns, edit_mlp=edit).logits[0, -1].argmax().item()


def swap_figures(model, plt, tokenizer, pairs):
    depth = model.config.num_hidden_layers
    cases = dict(first_half=(range(depth // 2), None), all_layers=(range(depth), None),
                 first_half_city_only=(range(depth // 2), ["city_last_token_position"]),
                 first_half_last_only=(range(depth // 2), ["last_position"]))
    figures = {}
    for name, (layers, places) in cases.items():
        top = [swapped_top(model, plt, tokenizer, p, layers, *([places] if places else [])) for p in pairs]
        figures[name] = sum(t == p["answer_first_tokenB"] for t, p in zip(top, pairs)) / len(pairs)
        if name == "first_half":
            for t, p in zip(top, pairs):
                p["swapped"] = t == p["answer_first_tokenB"]
    return figures


def rounded(value):
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def percent(value):
    return f"{100 * value:.1f} %"


def figures(report):
    """The report as a Markdown table."""
    bars = itertools.chain(["at least 90 %"] * 5, itertools.repeat(""))
    rows = [("held-out " + name.replace("_", " "), percent(f["right"]), bar,
             f"{f['items']} items, corpus seed {report['seeds']['corpus']}")
            for (name, f), bar in zip(report["held_out"].items(), bars)]
    tokens = f"seed {report['seeds']['report']}"
    for kind, most in (("plt", "at most 2 %"), ("clt", "at most 5 %")):
        f = report["transcoders"][kind]
        how, held, name = f"{f['tokens']} tokens of the corpus, {tokens}", f["held_out_prompts"], kind.upper()
        rows += [(f"{name}: unexplained variance, by layer", ", ".join(map(percent, f["unexplained"])), most, how),
                 ("the same, on held-out prompts", ", ".join(map(percent, held["unexplained"])), "",
                  f"{held['tokens']} tokens of the first 100 prompts of each family"),
                 (f"{name}: active features a token, by layer", ", ".join(f"{a:.1f}" for a in f["active"]), "at most 12", how),
                 (f"{name}: dead features, by layer", ", ".join(map(percent, f["dead"])), "under 50 %", how)]
        g = report["graphs"][kind]
        how = f"{g['prompts']} held-out prompts, {tokens}"
        rows += [(f"{name}: replacement score", f"{g['replacement']:.2f}", "at least 0.75", how),
                 (f"{name}: completeness score", f"{g['completeness']:.2f}", "at least 0.9", how),
                 (f"{name}: active features of a prompt", f"{g['active_features']:.0f}", "", how)]
    swap = report["swap"]
    how = f"{swap['pairs']} pairs of held-out cities, {tokens}"
    rows += [("swap, layers 0 to 2, city and last position", percent(swap["first_half"]), "at least 60 %", how),
             ("swap, layers 0 to 2, city only", percent(swap["first_half_city_only"]), "", how),
             ("swap, layers 0 to 2, last position only", percent(swap["first_half_last_only"]), "", how),
             ("swap, all layers, both", percent(swap["all_layers"]), "", how)]
    head = ["| figure | value | bar | measured on |", "|---|---|---|---|"]
    return "\n".join(head + [f"| {' | '.join(row)} |" for row in rows])


def update_readme(file, report):
    """Puts the table where the README has the last one."""
    if file.exists():
        text = file.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        file.write_text(f"{before}{BEGIN}\n{figures(report)}\n{END}{after}", encoding="utf-8")


def write_held_out(file, head, lists):
    """One item a line."""
    parts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    for name, items in lists.items():
        lines = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in items)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="holds model/, plt/ and clt/")
    parser.add_argument("--corpus-seed", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7, help="of the pairs, the sampled tokens and the graphs' prompts")
    a = parser.parse_args()
    torch.set_num_threads(1)
    families, held_out = corpus.build(a.corpus_seed)
    tokenizer = Tokenizer.from_file(str(a.folder / "model" / "tokenizer.json"))
    model = llama.load(a.folder / "model")
    report = dict(seeds=dict(corpus=a.corpus_seed, report=a.seed), held_out={}, transcoders={}, swap={}, graphs={})
    for family, items in held_out.items():
        right = data.answered(model, tokenizer, items)
        for item, yes in zip(items, right):
            item["right"] = yes
        report["held_out"][family] = dict(right=sum(right) / len(right), items=len(right))
    sets = {kind: tc.load(kind, a.folder / kind) for kind in ("plt", "clt") if (a.folder / kind).exists()}
    for kind, transcoders in sets.items():
        source = tc.Activations(model, tokenizer, families, a.seed)
        report["transcoders"][kind] = tc.quality(transcoders, (source.batch() for _ in range(BATCHES))) | dict(
            held_out_prompts=tc.quality(transcoders, held_out_sites(model, tokenizer, held_out)))
    pairs = swap_pairs(held_out, tokenizer, a.seed)
    report["swap"] = dict(pairs=len(pairs), **swap_figures(model, sets["plt"], tokenizer, pairs))
    graphs = [dict(family=f, prompt=i["prompt"]) for f in GRAPH_FAMILIES
              for i in random.Random(a.seed).sample(held_out[f], GRAPHS_PER_FAMILY)]
    for kind, transcoders in sets.items():
        scores = [graph.scores(model, transcoders, torch.tensor(tokenizer.encode(g["prompt"]).ids)) for g in graphs]
        for g, score in zip(graphs, scores):
            g[kind] = rounded(score)
        report["graphs"][kind] = dict(prompts=len(graphs)) | {key: sum(s[key] for s in scores) / len(scores) for key in scores[0]}
    report = rounded(report)
    (a.folder / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    update_readme(a.folder / "README.md", report)
    write_held_out(a.folder / "heldout.json", dict(seeds=report["seeds"]), dict(swap=pairs, graphs=graphs, **held_out))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
