"""Flags of `vllm serve`, from the syntax trees of its sources. Nothing of the engine is run."""

import ast
from collections.abc import Iterable

# Classes whose every field is a flag, in entrypoints/common/cli_args.py.
FRONTEND = ("BaseFrontendArgs", "FrontendArgs")
SWITCHES = ("'store_true'", "'store_false'", "argparse.BooleanOptionalAction")


class Sources:
    """What the annotations of the sources refer to."""

    def __init__(self, trees: Iterable[ast.Module]):
        self.trees = list(trees)
        nodes = [node for tree in self.trees for node in ast.walk(tree)]
        self.classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
        self.type_aliases = {
            node.targets[0].id: node.value
            for tree in self.trees
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        self.one_word = {key(target) for node in nodes if isinstance(node, ast.Delete) for target in node.targets}
        self.json = {
            key(node.targets[0])
            for node in nodes
            if isinstance(node, ast.Assign) and "json.loads" in ast.unparse(node.value)
        }


def read_flags(trees: Iterable[ast.Module]) -> tuple[dict[str, str], dict[str, str]]:
    """What each flag takes by its long name (nothing, value, values, json or optional), and other spellings."""
    sources = Sources(trees)
    flags: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for name in FRONTEND:
        for field, annotation in fields(sources.classes[name]).items():
            flags["--" + field.replace("_", "-")] = takes_of_field(("frontend", field), annotation, sources)
    for tree in sources.trees:
        groups = config_of_kwargs(tree)
        for call in calls(tree, "add_argument"):
            words = [a.value for a in call.args if isinstance(a, ast.Constant) and str(a.value).startswith("-")]
            long = [word for word in words if word.startswith("--")]
            if long:
                flags[long[0]] = takes_of_call(call, groups, sources)
                aliases |= {word: long[0] for word in words if word != long[0]}
    return dict(sorted(flags.items())), dict(sorted(aliases.items()))


def calls(tree: ast.AST, method: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def fields(cls: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        node.target.id: node.annotation
        for node in cls.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def key(target: ast.expr) -> tuple[str, str] | None:
    """Field and key of `x_kwargs["field"]["key"]`, which changes what the type of the field says."""
    match target:
        case ast.Subscript(value=ast.Subscript(slice=ast.Constant(value=field)), slice=ast.Constant(value=name)):
            return (field, name)
    return None


def config_of_kwargs(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """`x_kwargs = get_kwargs(XConfig)`, perhaps with `["field"]` behind it or taken from another: class and field."""
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            source = resolve(node.value, found)
            if source is not None:
                found[node.targets[0].id] = source
    return found


def resolve(value: ast.expr, known: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    match value:
        case ast.Call(func=ast.Name(id="get_kwargs"), args=[ast.Name(id=cls)]):
            return (cls,)
        case ast.Name(id=name):
            return known.get(name)
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(field))):
            outer = resolve(inner, known)
            return None if outer is None else (*outer, field)
        # `{**x_kwargs["field"], "more": 1}`
        case ast.Dict(keys=[None, *_], values=[inner, *_]):
            return resolve(inner, known)
    return None


def takes_of_call(call: ast.Call, groups: dict[str, tuple[str, ...]], sources: Sources) -> str:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given:
        source = resolve(given[None], groups)
        if source is None or len(source) != 2:
            raise ValueError(f"line {call.lineno}: cannot tell what {ast.unparse(call)[:80]} takes")
        cls, field = source
        return takes_of_field(source, fields(sources.classes[cls])[field], sources)
    if "action" in given and ast.unparse(given["action"]) in SWITCHES:
        return "nothing"
    return "values" if "nargs" in given else "value"


def takes_of_field(source: tuple[str, ...], annotation: ast.expr, sources: Sources) -> str:
    field = source[-1]
    if (field, "type") in sources.json:
        return "json"
    return "value" if (field, "nargs") in sources.one_word else takes(annotation, sources)


def takes(annotation: ast.expr, sources: Sources) -> str:
    """As `_compute_kwargs` of engine/arg_utils.py tells by the type of a field."""
    members = {base_name(member) for member in union(annotation, sources)}
    if members == {"bool", "str", "None"}:
        return "optional"
    # A configuration class of its own is given as JSON.
    if "dict" in members or any(is_config(sources.classes.get(name)) for name in members):
        return "json"
    if "bool" in members:
        return "nothing"
    return "values" if members & {"list", "tuple", "set"} and "Literal" not in members else "value"


def is_config(cls: ast.ClassDef | None) -> bool:
    if cls is None:
        return False
    decorators = {base_name(d.func if isinstance(d, ast.Call) else d) for d in cls.decorator_list}
    return bool(decorators & {"config", "dataclass"}) or any(base_name(base) == "dict" for base in cls.bases)


def union(annotation: ast.expr, sources: Sources) -> list[ast.expr]:
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*union(left, sources), *union(right, sources)]
        case ast.Constant(value=str(text)):
            return union(ast.parse(text, mode="eval").body, sources)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return union(first, sources)
        case ast.Subscript(value=ast.Name(id="SkipValidation" | "InitVar"), slice=inner):
            return union(inner, sources)
        case ast.Name(id=name) if name in sources.type_aliases:
            return union(sources.type_aliases[name], sources)
    return [annotation]


def base_name(node: ast.expr) -> str:
    match node:
        case ast.Subscript(value=inner):
            return base_name(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ast.unparse(node)
