"""Plots and animations of a record: the same bytes each time, and what they show can be read off them."""

import time
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import pytest
import recorded
from PIL import Image
from recorded import HEAD, fields

from dlm_editor.errors import OptionError
from dlm_editor.history.record import Recorder, gif, plot
from dlm_editor.history.record.around import around
from dlm_editor.history.record.typesetting import OPEN, Part, set_lines

STRANGE = "$x^2$ <b>&amp; \0 字 👩‍🔬 אב \n</svg><script>"


@pytest.fixture(scope="module")
def record() -> dict:
    return recorded.record(fields(alternatives=2, temperature=1.0))


def strange(spans: int = 1) -> dict:
    """A record in which every text is what a picture may stumble over."""
    recorder = Recorder({**HEAD, "model": STRANGE, "text": STRANGE, "spans": [{"start": 0, "end": len(STRANGE), "length": "auto"}] * spans})
    recorder.add({"step": 1, "of": None, "seconds": 0.0, "drafts": [[[[STRANGE, 0.5, "new", [1]], ["", 0.0, "open", [2]]]] * spans]})
    return recorder.record()


def test_a_plot_is_the_same_each_time_and_an_image():
    record = recorded.record({"text": "It was a [[dark|3]] night."})
    first = plot(record, "png")
    assert first == plot(record, "png") and Image.open(BytesIO(first)).size[0] >= 1000
    drawing = plot(record, "svg")
    assert drawing == plot(record, "svg") and ElementTree.fromstring(drawing).tag.endswith("svg")


def test_a_plot_draws_texts_that_look_like_formulas_or_markup():
    drawing = plot(strange(10), "svg")
    assert b"<script" not in drawing and ElementTree.fromstring(drawing).tag.endswith("svg")


def test_a_plot_without_tokens_is_refused():
    recorder = Recorder({**HEAD, "text": "", "spans": [{"start": 0, "end": 0, "length": "auto"}]})
    recorder.add({"step": 1, "of": None, "seconds": 0.0, "drafts": [[[["hosted text", None, "new", []]]]]})
    with pytest.raises(OptionError, match="as of a hosted model"):
        plot(recorder.record())
    assert Image.open(BytesIO(gif(recorder.record()))).n_frames == 2


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_an_animation_shows_the_original_every_step_and_the_end_for_longer(record, format):
    data = gif(record, format)
    assert data == gif(record, format)
    image, durations = Image.open(BytesIO(data)), []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        durations.append(image.info["duration"])
    assert image.n_frames == len(record["steps"]) + 2 and max(durations) == durations[-1] > durations[0] > durations[1]


def test_the_end_of_an_animation_has_no_open_place_and_dark_letters_on_light_paper(record):
    image = Image.open(BytesIO(gif(record)))
    box = (230, 224, 212)

    def colours(number):
        image.seek(number)
        text = image.convert("RGB").crop((0, 0, image.width, image.height - 80))  # without the line that shows how far it is
        return {colour for _, colour in text.getcolors(image.width * image.height)}

    assert box in colours(1) and box not in colours(image.n_frames - 1)
    assert (38, 35, 30) in colours(image.n_frames - 1) and (255, 253, 249) in colours(image.n_frames - 1)


def test_a_long_run_leaves_steps_out_and_strange_texts_are_drawn():
    recorder = Recorder({**HEAD, "text": "abc", "spans": [{"start": 1, "end": 2, "length": "auto"}]})
    for number in range(1, 301):
        recorder.add({"step": number, "of": None, "seconds": 0.0, "drafts": [[[[f"{number} ", 0.5, "new", [1]]]]]})
    assert Image.open(BytesIO(gif(recorder.record()))).n_frames <= 62
    assert Image.open(BytesIO(gif(strange(10)))).n_frames == 2


def test_lines_break_at_spaces_and_inside_words_only_where_they_must():
    def lines(*parts, width=10):
        return ["".join(placed.part.text for placed in line) for line in set_lines([Part(text, "plain") for text in parts], width, len)]

    assert lines("one two", " three") == ["one two", "three"]
    assert lines("look", "ing at it") == ["looking at", "it"]
    assert lines("a\n\nb") == ["a", "", "b"]
    assert lines("abcdefghijklmno") == ["abcdefghij", "klmno"]
    assert lines("abcdefghi", OPEN, OPEN) == ["abcdefghi" + OPEN, OPEN]


def test_of_a_long_text_only_the_neighbourhood_of_the_spans_is_shown():
    words = "word " * 1000
    record = {"text": words + "[x]" + words + "[y]" + words, "spans": [{"start": 5000, "end": 5003}, {"start": 10003, "end": 10006}]}
    first, middle, last = around(record, 50)
    assert first.endswith("word ") and first.startswith(" […] word") and len(first) < 70
    assert middle.startswith("word") and middle.count("[…]") == 1 and len(middle) < 120
    assert last.startswith("word") and last.endswith(" […] ") and len(last) < 70
    assert around({"text": "ab[x]cd", "spans": [{"start": 2, "end": 5}]}, 50) == ["ab", "cd"]


def test_pictures_of_a_record_made_to_be_slow_are_refused_or_made_in_time():
    recorder = Recorder({**HEAD, "text": "x" * 2_000_000, "spans": [{"start": 0, "end": 1_000_000, "length": "auto"}]})
    words = [["word ", 0.5, "settled", [1]]] * 40_000  # the same piece over and over
    for number in range(1, 31):
        recorder.add({"step": number, "of": None, "seconds": 0.0, "drafts": [[words]]})
    record, began = recorder.record(), time.process_time()
    with pytest.raises(OptionError, match="Make --html of it instead"):
        plot(record)
    assert Image.open(BytesIO(gif(record))).size[1] < 2000
    assert time.process_time() - began < 20
