"""Records of runs: what a fill or a rewrite did, step by step, as plain JSON that can be looked at without the model.

A record is one JSON object in UTF-8:

| field | holds |
|---|---|
| `format`, `version` | `"dlm-editor-record"` and 1; another version is refused |
| `made_by` | name and version of the program |
| `verb` | `fill` or `rewrite` |
| `model`, `seed`, `options` | as asked for; `options` has the other fields of a batch line (`steps`, `temperature`, …) that were given |
| `text` | the whole document |
| `spans` | `[{"start", "end", "length"}]`, in order, half-open, in code points of `text`; a span's own constraints stand beside these |
| `finish` | `done`, or `stopped` where the run was ended before its end |
| `rows` | how many alternatives are at work; it may be more than were asked for |
| `steps` | `[{"step", "of", "seconds", "changes"}]`: number from 1, the most there can be (null: not known), seconds since the start |
| `suggestions` | `[{"row", "after", "mean_logprob", "steps", "seconds", "violations", "changes"}]`, best first; `after` is the new text of each span |

Every row and span has a draft, a list of pieces; a piece is `[text, certainty, state, token ids]`, as in a step of `fill_stream`. Before the first step
all drafts are empty. At each step, every `new` piece of a draft first becomes `settled`; then come the `changes` `[row, span, at, drop, pieces]`: from
piece `at` of the draft as it stood before the step, `drop` pieces give way to `pieces`. Changes of one draft come from left to right and do not overlap.
The `changes` of a suggestion are those of its row after the last step. A piece `["", 0, "open", [id]]` is written as the number `id`.

    record = read_record(data)       # bytes -> the object above, checked; RecordError
    replay(record)                   # its steps, each {"step", "of", "seconds", "drafts"}; drafts[row][span] = pieces
    endings(record)                  # its suggestions, each with `drafts` in place of `changes`
    write_record(record, path)       # whole or not at all
    Recorder(head(…)).add(step)      # makes one; `history.trace` does it from the events of a run
    html(record)                     # -> str, a page that plays it from disk
    plot(record, "png")              # -> bytes, certainty over steps, masks left, pace; or "svg"
    gif(record, "gif")               # -> bytes, the text as it settles; or "webp"
    course(record)                   # one alternative as numbers: certainties of every token over the steps
"""

from .animation import gif
from .course import Course, course
from .heading import FORMAT, VERSION, head
from .page import html
from .plot import plot
from .reading import MAX_BYTES, check_record, read_record
from .recorder import Recorder
from .replaying import endings, replay
from .writing import encode_record, write_record

__all__ = ["FORMAT", "MAX_BYTES", "VERSION", "Course", "Recorder", "check_record", "course", "encode_record", "endings", "gif", "head", "html", "plot", "read_record",
           "replay", "write_record"]
