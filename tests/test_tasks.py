"""A typed function read as a task."""

from __future__ import annotations

import functools
import inspect
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mypy import api as mypy

import tacit
from tacit.errors import SignatureError, TaskNameError
from tacit.functions import place
from tacit.tasks import RESERVED, Signature, Task, on_call, task
from tacit.types import Category, Id, Image, Maybe, Number, Record, Text, TextKind, input_kind, output_kind
from tests.types.table import BOTH, INPUTS, OUTPUTS, House

Mood = Literal["positive", "negative"]


@dataclass
class Row:
    size: float
    town: str


def sentiment(review: Text) -> Mood:
    """Is this review glad or sad?

    Irony counts as what is meant.
    """


def declared(annotations: dict[str, Any], name: str = "answer") -> Task[..., Any]:
    """A task whose annotations are set by hand, as programs that make tasks do."""

    parameters = ", ".join(k for k in annotations if k != "return")
    namespace: dict[str, Any] = {}
    exec(f"def {name}({parameters}): ...", namespace)  # the shortest way to a function of given parameters
    function = namespace[name]
    function.__annotations__ = annotations
    return task(function)


def refusal(function: Any, error: type[Exception] = SignatureError) -> str:
    with pytest.raises(error) as caught:
        task(function)
    assert ".  next: " in str(caught.value)
    return str(caught.value)


# What a task is


@pytest.mark.parametrize("decorate", [task, task()], ids=["@task", "@task()"])
def test_the_decorator_works_with_and_without_parentheses(decorate: Callable[..., Task[..., Any]]) -> None:
    made = decorate(sentiment)
    assert isinstance(made, Task)
    assert made.name == "sentiment"
    assert made.question == "Is this review glad or sad?\n\nIrony counts as what is meant."
    assert made.function is sentiment
    assert str(made.signature) == "(review: Text) -> Literal['positive', 'negative']"


def test_a_task_can_have_another_name_than_its_function() -> None:
    assert task(name="mood")(sentiment).name == "mood"


def test_a_task_looks_like_its_function() -> None:
    made = task(sentiment)
    assert inspect.signature(made) == inspect.signature(sentiment)
    assert made.__name__ == "sentiment"  # type: ignore[attr-defined]
    assert made.__doc__ == sentiment.__doc__
    assert made.__module__ == __name__
    assert repr(made) == "<task sentiment(review: Text) -> Literal['positive', 'negative']>"


def test_a_task_knows_where_it_is_written() -> None:
    line = sentiment.__code__.co_firstlineno
    assert place(task(sentiment)).endswith(f"test_tasks.py:{line}")
    assert task(sentiment).where == place(sentiment)


def test_a_function_without_a_docstring_asks_nothing() -> None:
    def bare(review: Text) -> Mood: ...

    assert task(bare).question == ""


@pytest.mark.parametrize(("annotation", "values"), BOTH + INPUTS)
def test_annotations_can_be_set_by_hand(annotation: Any, values: Any) -> None:
    made = declared({"x": annotation, "return": bool})
    assert made.signature.inputs == {"x": input_kind(annotation)}


@pytest.mark.parametrize(("annotation", "values"), BOTH + OUTPUTS)
def test_every_output_can_be_declared(annotation: Any, values: Any) -> None:
    assert declared({"x": Text, "return": annotation}).signature.output == output_kind(annotation)


def test_parameters_keep_their_order_whatever_the_order_of_annotations() -> None:
    def price(photo: Image, about: Text | None, beds: int) -> float: ...

    price.__annotations__ = dict(reversed(price.__annotations__.items()))
    assert list(task(price).signature.inputs) == ["photo", "about", "beds"]


def test_annotations_may_be_text() -> None:
    def price(about: "Text", beds: "int | None") -> "float": ...  # noqa: UP037

    assert task(price).signature.inputs == {"about": TextKind(), "beds": Maybe(Number(whole=True))}


def test_a_task_file_with_future_annotations_is_read(tmp_path: Path) -> None:
    source = """
        from __future__ import annotations
        import dataclasses, enum, typing
        from typing import Literal, NotRequired, TypedDict
        import pydantic
        from tacit import Id, Image, Text, Vector, task

        class Color(enum.Enum):
            RED = 1
            BLUE = 2

        @dataclasses.dataclass
        class House:
            beds: int
            color: Color | None = None

        class Flight(TypedDict):
            number: str
            late: NotRequired[bool]

        class Person(pydantic.BaseModel):
            age: int
            user: Id

        @task
        def a(house: House) -> Color: ...

        @task
        def b(flight: Flight) -> typing.Optional[float]: ...

        @task()
        def c(person: Person, photo: Image, at: Vector[2]) -> set[Literal["x", "y"]]: ...
    """
    (tmp_path / "house_tasks.py").write_text(textwrap.dedent(source))
    code = "import house_tasks as t; print(t.a.signature, t.b.signature, t.c.signature, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "(house: House) -> Color",
        "(flight: Flight) -> float | None",
        "(person: Person, photo: Image, at: Vector[2]) -> set[Literal['x', 'y']]",
    ]


# What is refused, at decoration


def test_a_local_class_written_as_text_is_named() -> None:
    @dataclass
    class Local:
        a: float

    def f(x: Local) -> bool: ...

    said = refusal(f)  # this file writes annotations as text, and Python does not keep the local name
    assert said.startswith("f uses the type 'Local', which is not defined where f is declared.  at ")
    assert "test_tasks.py:" in said
    f.__annotations__ = {"x": Local, "return": bool}
    assert task(f).signature.record is not None


def test_every_type_that_is_not_understood_is_refused_with_the_list() -> None:
    def f(x: dict[str, int]) -> bool: ...

    def g(x: Text) -> complex: ...

    assert refusal(f).startswith("x of f: dict[str, int] is not understood.  at ")
    assert refusal(g).startswith("the return type of g: complex is not understood.  at ")
    for wrong in (f, g):
        assert "next: write one of bool, Literal[...], an Enum," in refusal(wrong)


def test_a_function_without_a_return_type_is_refused() -> None:
    def f(x: Text): ...  # type: ignore[no-untyped-def]

    def g(x: Text) -> None: ...

    assert refusal(f).startswith("f(x) has no return type, so there is nothing to learn.")
    assert refusal(g).startswith("g(x) has no return type, so there is nothing to learn.")


def test_a_parameter_without_a_type_is_refused() -> None:
    def f(x: Text, y) -> bool: ...  # type: ignore[no-untyped-def]

    assert refusal(f).startswith("f(x, y) has no type for y.")
    assert refusal(f).endswith("next: write y: Text")


def test_a_function_without_parameters_is_refused() -> None:
    def f() -> bool: ...

    assert refusal(f).startswith("f() has no parameters, so there is nothing to learn from.")


def test_any_number_of_arguments_is_refused() -> None:
    def f(*x: Text) -> bool: ...

    def g(x: Text, **rest: Text) -> bool: ...

    assert "takes any number of arguments; each input has a name" in refusal(f)
    assert "takes any number of arguments; each input has a name" in refusal(g)


@pytest.mark.parametrize("written", ["Missing", "int +", "1 / 0", "str.nothing", "list[", "print('x')"])
def test_types_written_as_text_that_cannot_be_read_are_refused(written: str) -> None:
    def f(x: Text) -> bool: ...

    f.__annotations__ = {"x": written, "return": "bool"}
    assert refusal(f)


@pytest.mark.parametrize("wrong", [3, None, "sentiment", Row, str, object()])
def test_what_is_no_function_is_refused(wrong: Any) -> None:
    if wrong is None:
        assert callable(task(wrong))  # this is @task()
    else:
        assert "; a task is a function.  next: write @task above a typed function" in refusal(wrong)


@pytest.mark.parametrize("name", ["_hidden", "a" * 64, "né", "a-b", "a b", "1st", "", "class", "None", "a.b", "../a", "a\n", 3])
def test_names_that_cannot_stand_in_urls_and_folders_are_refused(name: Any) -> None:
    with pytest.raises(TaskNameError, match="cannot name a task"):
        task(name=name)(sentiment)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_words_of_the_url_space_are_refused(name: str) -> None:
    with pytest.raises(TaskNameError, match="belong to the server"):
        task(name=name)(sentiment)


def test_a_lambda_has_no_name_for_a_task() -> None:
    f = lambda x: x  # noqa: E731
    f.__annotations__ = {"x": Text, "return": bool}
    assert '"<lambda>" cannot name a task' in refusal(f, TaskNameError)
    assert task(name="named")(f).name == "named"


def test_a_partial_has_no_name_for_a_task() -> None:
    assert refusal(functools.partial(sentiment), TaskNameError).startswith('"" cannot name a task')


# Signatures


def test_a_lone_record_gives_its_fields_to_the_columns() -> None:
    def price(house: Row) -> float: ...

    signature = task(price).signature
    assert signature.record is not None
    name, kind = signature.record
    assert name == "house"
    assert isinstance(kind, Record)
    assert list(signature.columns) == ["size", "town"]
    assert signature.nest({"size": 1.0, "town": "a"}) == {"house": {"size": 1.0, "town": "a"}}


def test_a_record_beside_others_has_columns_with_its_name() -> None:
    def price(house: Row, about: Text) -> float: ...

    signature = task(price).signature
    assert signature.record is None
    assert list(signature.columns) == ["house.size", "house.town", "about"]
    nested = {"house": {"size": 1.0, "town": "a"}, "about": "b"}
    assert signature.nest({"house.size": 1.0, "house.town": "a", "about": "b"}) == nested
    assert signature.flatten(nested) == {"house.size": 1.0, "house.town": "a", "about": "b"}


def test_what_is_missing_flattens_to_none() -> None:
    def price(house: Row, about: Text) -> float: ...

    assert task(price).signature.flatten({"about": "b"}) == {"house.size": None, "house.town": None, "about": "b"}
    lone = Signature({"house": input_kind(Row)}, Number())
    assert lone.flatten({}) == {"size": None, "town": None}


@given(st.data())
def test_nesting_and_flattening_undo_each_other(data: st.DataObject) -> None:
    kinds = {"text": TextKind(), "number": Number(), "row": input_kind(Row), "house": input_kind(House)}
    names = data.draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, unique=True))
    signature = Signature({n: kinds[n] for n in names}, Number())
    flat = {c: data.draw(st.integers()) for c in signature.columns}
    assert signature.flatten(signature.nest(flat)) == flat
    assert list(signature.nest(flat)) == names


def test_a_signature_describes_itself_as_json() -> None:
    def price(house: Row, user: Id) -> float: ...

    assert task(price).signature.describe() == {
        "inputs": {"house": "Row", "user": "Id"},
        "columns": {"house.size": "float", "house.town": "str", "user": "Id"},
        "output": "float",
    }


# Calling


@pytest.fixture
def asked() -> Any:
    """What a task was asked, with an answer that is always the same."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def answer(of: Task[Any, Any], inputs: dict[str, Any]) -> Any:
        calls.append((of.name, inputs))
        return "negative"

    on_call(answer)
    yield calls
    on_call(tacit._answer)


def test_a_call_is_passed_on_with_the_inputs_by_name(asked: list[Any]) -> None:
    def price(about: Text, beds: int = 2) -> float: ...

    assert task(sentiment)("I want my money back") == "negative"
    task(price)(about="a")
    task(price)("a", 3)
    assert asked == [
        ("sentiment", {"review": "I want my money back"}),
        ("price", {"about": "a", "beds": 2}),
        ("price", {"about": "a", "beds": 3}),
    ]


def test_wrong_arguments_raise_what_the_function_would_raise(asked: list[Any]) -> None:
    with pytest.raises(TypeError, match="review"):
        task(sentiment)()  # type: ignore[call-arg]
    assert asked == []


def test_a_type_checker_sees_the_function(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(
        textwrap.dedent(
            """
            from typing import Literal
            from tacit import Image, Text, task

            @task
            def sentiment(review: Text) -> Literal["positive", "negative"]: ...

            @task()
            def price(photo: Image, *, beds: int = 2) -> float | None: ...

            @sentiment.labeling_function
            def refund(review: str) -> str | None: ...

            @sentiment.slice()
            def short(review: str) -> bool: ...

            @sentiment.labeling_function(llm="http://localhost:11434/v1", model="llama3", price=(0.15, 0.6), timeout=20)
            def asks(review: str) -> None: ...

            reveal_type(asks)
            reveal_type(sentiment("a"))
            reveal_type(price(b"", beds=3))
            reveal_type(refund)
            reveal_type(short)
            sentiment(3)
            price("a", 3)
            """
        )
    )
    cache = request.config.cache
    assert cache is not None
    options = ["--strict", "--allow-empty-bodies", "--no-error-summary", "--cache-dir", str(cache.mkdir("mypy"))]
    # No configuration: what a user sees who has installed tacit.
    out, problems, _ = mypy.run([*options, "--config-file", "", str(snippet)])
    said = [line.split(": ", 1)[1] for line in out.splitlines() if " defined in " not in line]
    assert not problems
    assert said == [
        'note: Revealed type is "def (review: str)"',
        "note: Revealed type is \"Literal['positive'] | Literal['negative']\"",
        'note: Revealed type is "float | None"',
        'note: Revealed type is "def (review: str) -> str | None"',
        'note: Revealed type is "def (review: str) -> bool"',
        'error: Argument 1 to "__call__" of "Task" has incompatible type "int"; expected "str"  [arg-type]',
        'error: Too many positional arguments for "__call__" of "Task"  [call-arg]',
    ]


def test_a_category_output_is_known_by_its_classes() -> None:
    output = task(sentiment).signature.output
    assert isinstance(output, Category)
    assert output.classes == ("positive", "negative")
