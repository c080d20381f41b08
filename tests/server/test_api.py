"""The routes under /v1, asked as clients ask them."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import tacit
from tacit.project import Project
from tacit.server import api
from tests.server.conftest import png

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def problem(answer: Any, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    said: dict[str, str] = answer.json()
    assert said.keys() == {"kind", "message", "next"}
    return said


class TestPredict:
    def test_an_answer_has_its_five_parts_and_is_in_the_store_when_it_comes(self, client: TestClient, shop: Project) -> None:
        said = client.post("/v1/sentiment", json={"review": "great fun"}).json()
        assert said.keys() == {"value", "confidence", "scores", "release", "id"}
        assert (said["value"], said["release"]) == ("positive", 1)
        stored = shop.store.prediction(said["id"])
        assert stored is not None
        assert (stored.task, stored.release, stored.inputs, stored.value, stored.confidence) == (
            "sentiment", 1, '{"review":"great fun"}', "positive", said["confidence"],
        )  # fmt: skip

    def test_the_answer_is_that_of_predict(self, client: TestClient, shop: Project) -> None:
        (want,) = tacit.predict("sentiment", ["an awful evening"])
        said = client.post("/v1/sentiment", json={"review": "an awful evening"}).json()
        assert (said["value"], said["scores"]) == (want.value, dict(want.scores))

    def test_a_record_comes_by_its_name_or_as_its_fields(self, client: TestClient) -> None:
        fields = {"height": 3, "width": "2.5"}
        nested, flat = (client.post("/v1/volume", json=body).json() for body in ({"cup": fields}, fields))
        assert nested["value"] == flat["value"]
        assert (nested["confidence"], nested["scores"]) == (None, {})

    def test_a_record_that_does_not_fit_says_where(self, client: TestClient) -> None:
        said = problem(client.post("/v1/volume", json={"cup": {"height": 3, "width": 11}}), 422)
        assert "width is 11, outside 0 to 10" in said["message"]
        assert "no object of height, width" in problem(client.post("/v1/volume", json={"cup": 3}), 422)["message"]

    def test_a_form_is_as_good_as_json(self, client: TestClient) -> None:
        form = client.post("/v1/volume", files={"height": (None, "3"), "width": (None, "2.5")}).json()
        assert form["value"] == client.post("/v1/volume", json={"height": 3, "width": 2.5}).json()["value"]
        twice = client.post("/v1/volume", files=[("height", (None, "3")), ("height", (None, "4"))])
        assert problem(twice, 422)["message"] == 'the form has "height" twice; each input has one value.'

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"revew": "x"}, '"revew" is no input; did you mean "review"?'),
            ({"review": None}, "review is missing"),
            ({"review": " "}, "review is empty"),
            ({"review": 7}, "review is 7, an int, not text"),
            ({"review": "a", "stars": 5}, '"stars" is no input'),
            ([], "it is [], no object"),
            ("great", 'it is "great", no object'),
        ],
    )
    def test_what_does_not_fit_is_named_with_a_line_to_send(self, client: TestClient, body: Any, message: str) -> None:
        said = problem(client.post("/v1/sentiment", json=body), 422)
        assert message in said["message"]
        assert said["next"] == 'POST /v1/sentiment {"review": "a text"}'

    def test_an_unknown_task_is_404_with_the_nearest(self, client: TestClient) -> None:
        assert problem(client.post("/v1/sentimnet", json={}), 404)["next"] == "did you mean sentiment?"
        assert problem(client.get("/v1/" + "x" * 3000), 404)["next"] == "GET /v1"

    def test_a_task_without_a_model_is_409(self, client: TestClient) -> None:
        said = problem(client.post("/v1/rating", json={"user": "u", "movie": 1}), 409)
        assert said["kind"] == "no model"
        assert said["message"].startswith("rating has no trained model yet")

    def test_many_at_once_each_get_their_own_answer(self, client: TestClient, shop: Project) -> None:
        texts = [f"{'great' if i % 2 else 'awful'} number {i}" for i in range(200)]
        with ThreadPoolExecutor(16) as pool:
            said = list(pool.map(lambda t: client.post("/v1/sentiment", json={"review": t}).json(), texts))
        assert [s["value"] for s in said] == ["positive" if i % 2 else "negative" for i in range(200)]
        logged = [p for page in shop.store.predictions("sentiment") for p in page]
        assert {p.id: p.inputs for p in logged} == {s["id"]: f'{{"review":"{t}"}}' for s, t in zip(said, texts, strict=True)}


class TestImages:
    def test_files_and_base64_give_the_same_answer(self, client: TestClient, shop: Project) -> None:
        data = png("right")
        encoded = base64.b64encode(data).decode()
        said = [
            client.post("/v1/side", files={"photo": ("a.png", data), "note": (None, "hello")}),
            client.post("/v1/side", json={"photo": encoded, "note": "hello"}),
            client.post("/v1/side", json={"photo": f"data:image/png;base64,{encoded}", "note": "hello"}),
        ]
        assert {s.json()["value"] for s in said} == {"right"}
        logged = [p.inputs for page in shop.store.predictions("side") for p in page]
        assert len(set(logged)) == 1
        assert '{"photo":{"blob":"' in logged[0]

    @pytest.mark.parametrize("path", ["/etc/passwd", "picture.png", "../picture.png", "file:///etc/passwd", "C:\\a.png"])
    def test_text_is_never_read_as_a_path(self, client: TestClient, shop: Project, path: str) -> None:
        (shop.root / "picture.png").write_bytes(png())
        given: list[Any] = [path, {"path": path}, {"bytes": "", "path": path}, {"bytes": None, "path": path}, [path]]
        for photo in given:
            said = problem(client.post("/v1/side", json={"photo": photo}), 422)
            assert "root:" not in said["message"]
            problem(client.post("/v1/side/batch", json={"rows": [{"photo": photo}]}), 422)
        problem(client.post("/v1/side", files={"photo": (None, path)}), 422)
        problem(client.post("/v1/side", files={"photo": (path, path.encode())}), 422)

    @pytest.mark.parametrize(
        "data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"\x93NUMPY\x01\x00\xff\xff{", b"%!PS-Adobe"]
    )
    def test_damaged_images_are_refused(self, client: TestClient, data: bytes) -> None:
        problem(client.post("/v1/side", files={"photo": ("a.png", data)}), 422)
        problem(client.post("/v1/side", json={"photo": base64.b64encode(data).decode()}), 422)

    def test_an_array_in_numpys_format_is_an_image(self, client: TestClient) -> None:
        out = io.BytesIO()
        np.save(out, np.repeat(np.array([[230] * 8 + [20] * 8], np.uint8), 16, 0))
        assert client.post("/v1/side", files={"photo": ("a.npy", out.getvalue())}).json()["value"] == "left"

    def test_a_file_for_a_text_is_refused(self, client: TestClient) -> None:
        assert "not text" in problem(client.post("/v1/sentiment", files={"review": ("a.txt", b"great")}), 422)["message"]


class TestBatch:
    def test_rows_are_answered_in_order_and_logged(self, client: TestClient, shop: Project) -> None:
        rows = [{"review": f"{'great' if i % 2 else 'awful'} {i}"} for i in range(700)]
        said = client.post("/v1/sentiment/batch", json={"rows": rows}).json()["predictions"]
        assert [s["value"] for s in said] == ["positive" if i % 2 else "negative" for i in range(700)]
        assert [p.id for page in shop.store.predictions("sentiment") for p in page] == [s["id"] for s in said]

    def test_no_rows_have_no_answers(self, client: TestClient) -> None:
        assert client.post("/v1/sentiment/batch", json={"rows": []}).json() == {"predictions": []}

    def test_every_row_that_does_not_fit_is_counted_and_none_is_answered(self, client: TestClient, shop: Project) -> None:
        rows = [{"review": "fine"}, {"review": None}, {}, *[{"text": "x"}] * 8]
        said = problem(client.post("/v1/sentiment/batch", json={"rows": rows}), 422)
        assert said["message"].startswith("10 rows do not fit sentiment(review: Text): row 2 review is missing; row 3 review is")
        assert said["message"].endswith("; and 5 more rows.")
        assert list(shop.store.predictions("sentiment")) == []

    @pytest.mark.parametrize("body", [None, [], 3, {}, {"rows": None}, {"rows": {}}, {"rows": "abc"}, {"rows": [], "log": 1}])
    def test_what_is_no_batch_is_refused(self, client: TestClient, body: Any) -> None:
        assert problem(client.post("/v1/sentiment/batch", json=body), 422)["next"].startswith("POST /v1/sentiment/batch {")

    def test_too_many_rows_are_refused(self, client: TestClient) -> None:
        rows = [{"review": "a"}] * (api.MAX_ROWS + 1)
        assert "at most 10,000" in problem(client.post("/v1/sentiment/batch", json={"rows": rows}), 422)["message"]


class TestFeedback:
    def test_it_is_an_event_and_a_label_when_it_is_acknowledged(self, client: TestClient, shop: Project) -> None:
        id = client.post("/v1/sentiment", json={"review": "not bad at all"}).json()["id"]
        said = client.post("/v1/feedback", json={"id": id, "value": "positive"}).json()
        assert (said["id"], said["task"], said["value"]) == (id, "sentiment", "positive")
        (label,) = [label for label in shop.store.labels("sentiment") if label.source == "feedback"]
        assert (label.value, label.by) == ("positive", f"prediction {id}")
        (event,) = tacit.feedbacks("sentiment")
        assert (event.id, event.inputs, event.value) == (id, {"review": "not bad at all"}, "positive")

    def test_what_cannot_be_stored_is_not_acknowledged(self, client: TestClient, shop: Project) -> None:
        id = client.post("/v1/sentiment", json={"review": "hm"}).json()["id"]
        said = problem(client.post("/v1/feedback", json={"id": id, "value": "positve"}), 422)
        assert 'did you mean "positive"?' in said["message"]
        assert said["next"] == f"tacit feedback sentiment {id} positive"
        problem(client.post("/v1/feedback", json={"id": id, "value": None}), 422)
        near = problem(client.post("/v1/feedback", json={"id": id[:8] + "0" * 24, "value": "positive"}), 404)
        assert id in near["message"]
        for unknown in ("no-such", "", None, 7, [], "\ud800", "x" * 10_000, id + "0"):
            problem(client.post("/v1/feedback", content=b"".join([b'{"value":1,"id":', tojson(unknown), b"}"])), 404)
        for body in (
            None,
            [],
            {},
            {"id": id},
            {"value": 1},
            {"id": id, "value": "positive", "who": "me"},
            {"id": id, "value": "positive", "by": 7},
        ):
            problem(client.post("/v1/feedback", json=body), 422)
        assert tacit.feedbacks("sentiment") == []

    def test_many_at_once_are_all_kept(self, client: TestClient) -> None:
        def ask_and_correct(i: int) -> tuple[str, str]:
            id = client.post("/v1/sentiment", json={"review": f"number {i}"}).json()["id"]
            value = "negative" if i % 2 else "positive"
            assert client.post("/v1/feedback", json={"id": id, "value": value if i % 5 else "nonsense"}).status_code == (
                200 if i % 5 else 422
            )
            return id, value

        with ThreadPoolExecutor(12) as pool:
            said = list(pool.map(ask_and_correct, range(120)))
        assert {(f.id, f.value) for f in tacit.feedbacks("sentiment")} == {s for i, s in enumerate(said) if i % 5}


class TestDescriptions:
    def test_a_task_tells_its_signature_release_and_metrics(self, client: TestClient, shop: Project) -> None:
        said = client.get("/v1/sentiment").json()
        assert said["signature"]["text"] == "sentiment(review: Text) -> Literal['positive', 'negative']"
        assert said["release"]["version"] == 1
        (value,) = said["metrics"].values()
        assert value["interval"][0] <= value["value"] <= value["interval"][1]
        untrained = client.get("/v1/rating").json()
        assert (untrained["release"], untrained["metrics"]) == (None, {})

    def test_all_tasks_are_listed(self, client: TestClient) -> None:
        assert [t["task"] for t in client.get("/v1").json()["tasks"]] == ["rating", "sentiment", "side", "volume", "wide"]

    @pytest.mark.parametrize("route", ["observe", "top"])
    def test_what_is_learned_online_needs_an_id(self, client: TestClient, route: str) -> None:
        said = problem(client.post(f"/v1/sentiment/{route}", json={}), 409)
        assert "none of its inputs is an Id" in said["message"]
        problem(client.post(f"/v1/rating/{route}", json={}), 409)
        problem(client.post(f"/v1/nothing/{route}", json={}), 404)

    def test_health_and_metrics_count_what_was_answered(self, client: TestClient) -> None:
        assert client.get("/health").json() == {"status": "ok", "tasks": 5}
        client.post("/v1/sentiment", json={"review": "fine"})
        client.post("/v1/sentiment", json={})
        text = client.get("/metrics").text
        assert 'tacit_requests_total{task="sentiment",route="predict",status="200"} 1' in text
        assert 'tacit_requests_total{task="sentiment",route="predict",status="422"} 1' in text
        assert 'tacit_request_seconds_count{task="sentiment",route="predict"} 2' in text
        assert 'tacit_predictions_total{task="sentiment"} 1' in text


class TestAnythingAtAll:
    @given(
        ANYTHING, st.sampled_from(["", "/batch", "/observe", "/top"]), st.sampled_from(["sentiment", "volume", "side", "wide"])
    )
    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_json_is_answered_and_never_with_a_5xx(self, client: TestClient, body: Any, route: str, task: str) -> None:
        for sent in (
            body,
            {"rows": body},
            {"rows": [body]},
            {"review": body},
            {"photo": body},
            {"cup": body},
            {"id": "0" * 32, "value": body},
        ):
            for path in (f"/v1/{task}{route}", "/v1/feedback"):
                answer = client.post(path, json=sent)
                assert answer.status_code in (200, 404, 409, 422)
                if answer.status_code != 200:
                    problem(answer, answer.status_code)

    @given(
        st.binary(max_size=60), st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", "a/b;;;"])
    )
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_bytes_are_answered_and_never_with_a_5xx(self, client: TestClient, body: bytes, type: str) -> None:
        for path in ("/v1/sentiment", "/v1/side/batch", "/v1/feedback"):
            for sent in (
                body,
                b"--x\r\n" + body,
                b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + body + b"\r\n--x--\r\n",
            ):
                assert client.post(path, content=sent, headers={"content-type": type}).status_code in (404, 422)


def tojson(value: Any) -> bytes:
    import json

    return json.dumps(value).encode()
