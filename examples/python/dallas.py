"""Which features make the bundled model say Austin? A swap, a sweep and a graph.

    python3 examples/python/dallas.py [PROGRAM]
"""

import sys

from circuit_tracer import CircuitTracer

PROMPT = "Fact: the capital of the state containing {} is"

with CircuitTracer(program=sys.argv[1] if len(sys.argv) > 1 else "circuit-tracer") as tracer:
    tracer("prompt", PROMPT.format("Dallas"))

    swapped = tracer("swap", PROMPT.format("Oakland"))
    top = tracer("top", 1)["tokens"][0]
    print(f"swap: {swapped['interventions']} features as for Oakland: {top['token']!r} becomes {top['after_token']!r}")
    tracer("clear")

    graph = tracer("attribute", nodes=200)
    print(f"graph: {graph['nodes']} nodes, {graph['edges']} edges, replacement score {graph['replacement_score']:.2f}")
    for feature in tracer("features", 3, "--position", " Dallas")["features"]:
        print(f"  {feature['feature']} with influence {feature['influence']:.3f}")

    for point in tracer("sweep --ranked 0,10,20 --watch", " Austin")["points"]:
        print(f"sweep: without the first {point['value']:.0f} features, Austin has probability {point['probability']:.2f}")
