"""Handles of scikit-learn's estimators that stay with the learner: trees, forests, searches, classes of the learner's.

`score` is computed here, from what `predict` gives, so that the answers `y` never reach the learner's process.
"""

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from grading.channel.stops import NotCarried

if TYPE_CHECKING:
    from grading.channel.mirrors import ClassInfo

_NAMES = frozenset({"score", "__sklearn_clone__", "__sklearn_tags__", "__sklearn_is_fitted__"})

_SEARCHES = frozenset({"GridSearchCV", "RandomizedSearchCV"})


def special(handle: Any, info: "ClassInfo", name: str) -> Any:
    """What the judge itself provides for an attribute of an estimator's handle; None for everything else."""
    if name not in _NAMES or not _is_estimator(info):
        return None
    if name == "score":
        return None if "score" in info.end.names.methods_of(info.name) else partial(_score, handle, info)
    if name == "__sklearn_clone__":
        return lambda: info.end.value("clone", of=_number(handle))
    if name == "__sklearn_tags__":
        return lambda: _tags(_kind(handle, info))
    return lambda: any(key.endswith("_") and not key.startswith("_") for key in vars(handle))


def _is_estimator(info: "ClassInfo") -> bool:
    return any(base.__module__.startswith("sklearn.") for base in info.bases)


def _number(handle: Any) -> int:
    return object.__getattribute__(handle, "_Handle__number")


def _tags(kind: str) -> Any:
    """What scikit-learn's own functions ask of an estimator before they use it."""
    from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

    return Tags(
        estimator_type=kind or None,
        target_tags=TargetTags(required=bool(kind)),
        classifier_tags=ClassifierTags() if kind == "classifier" else None,
        regressor_tags=RegressorTags() if kind == "regressor" else None,
        input_tags=InputTags(),
    )


def _score(handle: Any, info: "ClassInfo", X: Any, y: Any = None, sample_weight: Any = None) -> float:  # noqa: N803
    from sklearn import metrics

    if y is None:
        return info.end.value("attribute", of=_number(handle), name="score")(X)
    if info.name in _SEARCHES and (scoring := handle.scoring):
        return metrics.get_scorer(scoring)(handle, X, y)
    kind = _kind(handle, info)
    if kind == "classifier":
        return metrics.accuracy_score(y, handle.predict(X), sample_weight=sample_weight)
    if kind == "regressor":
        return metrics.r2_score(y, handle.predict(X), sample_weight=sample_weight)
    raise NotCarried(f"The score of a {info.name} cannot be worked out here. Score its predictions in the test.")


def _kind(model: Any, info: "ClassInfo | None" = None) -> str:
    """Whether a model classifies or regresses, by its class and for a pipeline or search by what it holds."""
    base = sys.modules["sklearn.base"]
    kinds = info.bases if info else (type(model),)
    if any(issubclass(kind, base.ClassifierMixin) for kind in kinds):
        return "classifier"
    if any(issubclass(kind, base.RegressorMixin) for kind in kinds):
        return "regressor"
    names = {kind.__name__ for kind in kinds}
    if "Pipeline" in names:
        return _kind_of_part(model.steps[-1][1])
    return _kind_of_part(model.estimator) if names & _SEARCHES else ""


def _kind_of_part(part: Any) -> str:
    from grading.channel.handles import info_of, is_handle

    return _kind(part, info_of(type(part)) if is_handle(part) else None)
