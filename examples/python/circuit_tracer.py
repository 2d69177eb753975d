"""Drives circuit-tracer from Python: one process, one request after the other (docs/agents.md).

    with CircuitTracer() as tracer:
        tracer("prompt", "Fact: the capital of the state containing Dallas is")
        print(tracer("top", 3)["tokens"])

Needs Python 3.8 or later and nothing else.
"""

import json
import subprocess


class CircuitTracerError(Exception):
    """What an answer says is wrong. `answer` has all of it, with what was done before."""

    def __init__(self, answer):
        error = answer["error"]
        super().__init__(". ".join(filter(None, [error["message"], error["advice"]])))
        self.kind, self.answer = error["kind"], answer


class CircuitTracer:
    """The program, started with these arguments: none for the bundled model, or "-t", "SET" for a transcoder set."""

    def __init__(self, *arguments, program="circuit-tracer"):
        self.process = subprocess.Popen(
            [program, "--json-lines", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.requests = 0

    def __call__(self, command, *arguments, progress=None, seconds=None, nodes=None):
        """Runs a command and returns its answer, a dictionary with the keys that docs/commands.md lists.

        `progress` is called with each event; it may call `cancel`. `seconds` and `nodes` limit what the command takes.
        """
        self.requests += 1
        limits = {name: value for name, value in [("seconds", seconds), ("nodes", nodes)] if value is not None}
        request = {"id": self.requests, "command": command, "arguments": arguments, "progress": progress is not None}
        self._send({**request, "limits": limits})
        for line in self.process.stdout:
            answer = json.loads(line)
            if "progress" in answer:
                progress(answer["progress"])
            elif "error" in answer:
                raise CircuitTracerError(answer)
            else:
                return answer
        raise EOFError(f"circuit-tracer has ended with status {self.process.wait()}")

    def cancel(self):
        """Stops the command that runs; from another thread, or from its `progress`."""
        self._send({"cancel": self.requests})

    def _send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
