"""Names that the engine reads from its environment, and metrics that it exports, from its syntax trees."""

import ast

KINDS = {
    "Counter": "counter",
    "Gauge": "gauge",
    "Histogram": "histogram",
    "_counter_cls": "counter",
    "_gauge_cls": "gauge",
    "_histogram_cls": "histogram",
}


def read_environment(envs: ast.Module, trees: list[ast.Module]) -> list[str]:
    """Keys of `environment_variables` of envs.py, and every name that the sources ask os.getenv for."""
    declared = [
        key.value
        for node in ast.walk(envs)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "environment_variables"
        if isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    ]
    if not declared:
        raise ValueError("envs.py: no environment_variables found")
    asked = [
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.getenv", "os.environ.get")
        if node.args and isinstance(node.args[0], ast.Constant)
    ]
    return sorted(set(declared + asked))


def read_metrics(trees: list[ast.Module]) -> dict[str, dict]:
    """Kind and labels by exposed family name. Counters get the `_total` that prometheus_client adds."""
    found: dict[str, dict] = {}
    for tree in trees:
        names = assigned(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            kind = KINDS.get(ast.unparse(call.func).split(".")[-1])
            arguments = {keyword.arg: keyword.value for keyword in call.keywords}
            name = constant(arguments.get("name", call.args[0] if call.args else None), names)
            if kind is None or not isinstance(name, str) or not name.startswith("vllm:"):
                continue
            exposed = name if kind != "counter" or name.endswith("_total") else f"{name}_total"
            given = arguments.get("labelnames", call.args[2] if len(call.args) > 2 else None)
            found[exposed] = {"kind": kind, "labels": constant(given, names)}
    return dict(sorted(found.items()))


def assigned(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and len(node.targets) == 1
    }


def constant(node: ast.expr | None, names: dict[str, ast.expr]):
    """Text or list of texts; None where only a run of the engine would tell."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            values = [constant(element, names) for element in elements]
            return None if None in values else values
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [constant(left, names), constant(right, names)]
            return None if None in parts else parts[0] + parts[1]
        case ast.Name() | ast.Attribute():
            known = names.get(ast.unparse(node))
            return None if known is None or ast.unparse(known) == ast.unparse(node) else constant(known, names)
    return None
