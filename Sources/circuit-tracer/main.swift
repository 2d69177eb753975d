print("circuit-tracer")
