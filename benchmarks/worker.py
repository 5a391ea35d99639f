"""A contender's process: reads orders as lines of JSON, answers requests without a socket between.

    python -m benchmarks.worker NAME OPTIONS

`contenders/NAME.py` gives `make(options)`: a callable from a path to the body of a 200 answer, and its page's path.
"""

import importlib
import json
import os
import sys
import time


def main() -> None:
    name, options = sys.argv[1], json.loads(sys.argv[2])
    # Orders go over the pipe that was standard output; whatever a library prints goes to standard error.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    ask, page = importlib.import_module(f"benchmarks.contenders.{name}").make(options)
    for line in sys.stdin:
        order = json.loads(line)
        reply: dict[str, object] = {"page": page}
        if order:
            path = order["path"]
            began = time.process_time()
            for _ in range(order["times"]):
                body = ask(path)
            reply["cpu"] = time.process_time() - began
            if order.get("show"):
                reply["body"] = body.decode()
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
    os._exit(0)  # threads and event loops of the contender end here, without ado


if __name__ == "__main__":
    main()
