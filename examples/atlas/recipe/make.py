"""Makes the bundled model from nothing: corpus, tokenizer, model, PLT, CLT, report.

    python make.py OUT            writes OUT/{model,plt,clt,report.json,heldout.json}

A stage whose result is already there is skipped, so an interrupted run goes on where it stopped.
Every stage computes in one thread, so that a run can be repeated to the bit on one kind of machine; the two transcoder
sets do not depend on each other and are trained side by side.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def start(script, *arguments):
    print("$", script, *arguments, flush=True)
    return subprocess.Popen([sys.executable, str(HERE / script), *map(str, arguments)])


def finish(*processes):
    if any([process.wait() for process in processes]):
        raise SystemExit("a stage failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    minutes, began = {}, time.time()

    def timed(name, *processes):
        since = time.time()
        finish(*processes)
        minutes[name] = round((time.time() - since) / 60, 1)

    if not (a.out / "corpus.jsonl").exists():
        timed("corpus", start("corpus.py", a.out, "--seed", a.seed))
    if not (a.out / "model" / "model.safetensors").exists():
        timed("model", start("train_model.py", a.out / "model", "--seed", a.seed))
    sets = [kind for kind in ("plt", "clt") if not (a.out / kind / "config.yaml").exists()]
    timed("transcoders", *[start("transcoders.py", kind, a.out / "model", a.out / kind, "--seed", a.seed) for kind in sets])
    timed("report", start("report.py", a.out, "--corpus-seed", a.seed))
    print(json.dumps(minutes), f"{(time.time() - began) / 60:.1f} minutes in all")


if __name__ == "__main__":
    main()
