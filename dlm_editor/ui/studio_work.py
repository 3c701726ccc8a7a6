"""What the studio computes, as plain records: other words, a choice and what settles around it, the lanes of a comparison. See `tasks.branching`."""

from contextlib import closing
from dataclasses import replace

from .models import Models
from .suggesting import Work, result_of, suggesting


class StudioWork:
    """Holds models and no document. The model of a request must be loaded."""

    def __init__(self, models: Models):
        self._models = models

    def branch(self, fields: dict) -> Work:
        # Imported when first needed, here and below: the page is up before torch is.
        from ..tasks.branching_requests import branch_record, parse_branch

        request = parse_branch({"model": self._models.default, **fields})
        found = self._editor(request.model, "branch").branch(request.document, request.draft, request.hands, request.options)
        yield "result", branch_record(found)

    def slots(self, fields: dict) -> Work:
        from ..tasks.branching_requests import parse_slots, slot_record

        request = parse_slots({"model": self._models.default, **fields})
        found = self._editor(request.model, "slots").slots(request.document, request.draft, request.mark, request.pieces, request.options)
        yield "result", slot_record(found)

    def settle(self, fields: dict) -> Work:
        from ..tasks.branching_requests import parse_settle, settle_record

        request = parse_settle({"model": self._models.default, **fields})
        editor = self._editor(request.model, "settle")
        found = editor.settle(request.document, request.draft, request.chosen, request.kept, request.options, request.threshold)
        yield "begin", settle_record(found)
        events = editor.fill(request.document, replace(request.options, pins=found.pins, alternatives=1))
        yield from suggesting(events, request.document, request.model, request.options.seed)

    def lane(self, fields: dict, number: int, label: str, judge: str) -> Work:
        """One lane of a comparison. `judge`: the id of the model that scores it; a hosted one gives no scores."""
        from ..tasks.comparing import Lane, LaneStep, run_lane
        from ..tasks.remote import is_hosted
        from ..tasks.requests import parse_fill, step_record

        document, options, model_id = parse_fill({"model": self._models.default, **fields})
        scorer = None if is_hosted(judge) else getattr(self._models.get(judge).result(), "denoiser", None)
        with closing(run_lane(document, Lane(label, self._models.get(model_id).result(), options), number, scorer)) as events:
            for event in events:
                if isinstance(event, LaneStep):
                    yield "step", {"lane": number, **step_record(event.step)}
                else:
                    best = event.suggestions[0]
                    yield "result", {"lane": number, "label": label, "model": model_id, "judge": judge if scorer else None, "scores": list(event.scores),
                                     "score": event.scores[0], "steps": best.steps, "seconds": best.seconds,
                                     **result_of(list(event.suggestions), document, model_id, options.seed)}

    def _editor(self, model_id: str, verb: str):
        """Raises AbilityError for a hosted model, which has no tokens to go on from."""
        from ..denoisers.catalog import refusal
        from ..tasks.remote import is_hosted

        if is_hosted(model_id):
            raise refusal(model_id, "probabilities")
        return self._models.get(model_id).result()
