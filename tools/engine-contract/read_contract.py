"""Prints the contract of vLLM as JSON: what `vllm serve` of one release takes and exports. Data only.

usage: python3 tools/engine-contract/read_contract.py VERSION
"""

import ast
import hashlib
import json
import re
import sys
import urllib.parse

from remote_wheel import find_wheel, open_wheel
from vllm_flags import read_flags
from vllm_metrics import read_environment, read_metrics
from vllm_tool_parsers import read_tool_parsers

FLAGS = re.compile(r"vllm/(engine/arg_utils|entrypoints/common/cli_args|config/\w+)\.py")
ENVIRONMENT = "vllm/envs.py"
TOOL_PARSERS = "vllm/tool_parsers/__init__.py"
METRICS = re.compile(r"vllm/(v1/metrics/(loggers|perf)|.*/metrics)\.py")


def main(version: str) -> None:
    url, digest = find_wheel("vllm", version)
    with open_wheel(url) as wheel:
        named = (ENVIRONMENT, TOOL_PARSERS)
        wanted = [n for n in wheel.namelist() if n in named or FLAGS.fullmatch(n) or METRICS.fullmatch(n)]
        sources = {name: wheel.read(name) for name in sorted(wanted)}
    trees = {name: ast.parse(source, name) for name, source in sources.items()}
    flags, aliases = read_flags(tree for name, tree in trees.items() if FLAGS.fullmatch(name))
    metrics = read_metrics([tree for name, tree in trees.items() if METRICS.fullmatch(name)])
    contract = {
        "engine": "vllm",
        "version": version,
        "basis": "read in source",
        "wheel": {"name": urllib.parse.unquote(url.rsplit("/", 1)[1]), "sha256": digest},
        "sources": {name: hashlib.sha256(source).hexdigest() for name, source in sources.items()},
        "flags": flags,
        "aliases": aliases,
        "environment": read_environment(trees[ENVIRONMENT], list(trees.values())),
        "toolParsers": read_tool_parsers(trees[TOOL_PARSERS]),
        "metrics": metrics,
    }
    json.dump(contract, sys.stdout, indent=2)


if __name__ == "__main__":
    main(sys.argv[1])
