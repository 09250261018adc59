"""Names of tool-call parsers, from the syntax tree of the module that registers them."""

import ast

REGISTER = "_TOOL_PARSERS_TO_REGISTER"


def read_tool_parsers(tree: ast.Module) -> list[str]:
    """Values of `--tool-call-parser` that need no plugin."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)) if name == REGISTER:
                return sorted(ast.literal_eval(key) for key in keys)
    raise ValueError(f"{REGISTER} is not where it was")
