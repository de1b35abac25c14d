"""scikit-learn's estimators by value: parameters for any that is not fitted, the fitted state for a fixed table.

The classes of the table predict with Python and numpy from plain numbers. They are rebuilt from the judge's own
scikit-learn, so that the judge's code makes the predictions that count. All others stay with the learner as handles.
"""

import sys
from typing import TYPE_CHECKING, Any

from grading.channel import library
from grading.channel.forms import Json
from grading.channel.handles import is_handle
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.messages import Incoming, Outgoing

_FITTED = {
    "sklearn.linear_model._base": "LinearRegression",
    "sklearn.linear_model._logistic": "LogisticRegression",
    "sklearn.linear_model._ridge": "Ridge RidgeClassifier",
    "sklearn.linear_model._coordinate_descent": "Lasso ElasticNet",
    "sklearn.preprocessing._data": "StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer Binarizer",
    "sklearn.preprocessing._encoders": "OneHotEncoder OrdinalEncoder",
    "sklearn.preprocessing._label": "LabelEncoder LabelBinarizer",
    "sklearn.preprocessing._polynomial": "PolynomialFeatures",
    "sklearn.preprocessing._function_transformer": "FunctionTransformer",
    "sklearn.naive_bayes": "GaussianNB MultinomialNB BernoulliNB ComplementNB",
    "sklearn.dummy": "DummyClassifier DummyRegressor",
    "sklearn.impute._base": "SimpleImputer",
    "sklearn.decomposition._pca": "PCA",
    "sklearn.pipeline": "Pipeline FeatureUnion",
    "sklearn.compose._column_transformer": "ColumnTransformer",
}
FITTED = frozenset((module, name) for module, names in _FITTED.items() for name in names.split())
_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, slice, type(Ellipsis)})
_OF_LIBRARIES = frozenset({"ndarray", "Series", "DataFrame", "Index"})
_MAX_DEPTH = 12
_REFUSED = ("memory",)  # would have the judge read and write a cache of pickles
_OF_FORESTS = ("estimator", "estimator_params")  # what an ensemble that is not fitted has beside its parameters


def is_estimator(value: object) -> bool:
    """Whether this is an instance of a class of scikit-learn itself."""
    base = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", None)
    return base is not None and issubclass(type(value), base) and type(value).__module__.startswith("sklearn.")


def travels(value: Any, depth: int = 0) -> bool:
    """Whether this estimator, or part of one, is plain data through and through."""
    kind = type(value)
    if depth > _MAX_DEPTH or is_handle(value):
        return False
    if kind in _PLAIN or kind.__name__ in _OF_LIBRARIES or kind.__module__ == "numpy":
        return kind.__name__ != "ndarray" or value.dtype != object or all(travels(v, depth + 1) for v in value.flat)
    if kind in (list, tuple, set, frozenset):
        return all(travels(item, depth + 1) for item in value)
    if isinstance(value, dict) and kind.__module__ in ("builtins", "collections"):
        return all(travels(key, depth + 1) and travels(item, depth + 1) for key, item in value.items())
    if is_estimator(value):
        return _may_travel(value, vars(value)) and all(travels(item, depth + 1) for item in vars(value).values())
    return library.name_of(value) is not None


def _may_travel(value: Any, attributes: Any) -> bool:
    kind = type(value)
    names = {name for name in attributes if not name.startswith("__")}
    if any(attributes.get(name) is not None for name in _REFUSED):
        return False
    return (kind.__module__, kind.__qualname__) in FITTED or names <= {*kind._get_param_names(), *_OF_FORESTS}


def form(value: Any, out: "Outgoing") -> list[Json] | None:
    """Class and attributes of an estimator that travels; None for any other object."""
    kind = type(value)
    if not is_estimator(value) or library.name_of(kind) is None or not travels(value):
        return None
    rows = [[key, out.put(item, carries=False)] for key, item in vars(value).items() if not key.startswith("__")]
    return [kind.__module__, kind.__qualname__, rows]


def read(payload: Json, incoming: "Incoming") -> Any:
    """The estimator, of this process's own class. Raises BadValue for any that `form` would not have written."""
    if type(payload) is not list or len(payload) < 3 or type(payload[2]) is not list:
        raise BadValue("An estimator is described by its class and attributes.")
    try:
        kind = library.resolve(payload[0], payload[1])
    except LookupError as problem:
        raise BadValue("An estimator's class is not known.") from problem
    attributes = {_attribute(key): incoming.get(tree) for key, tree in payload[2]}
    if not isinstance(kind, type):
        raise BadValue("An estimator's class is no class.")
    made: Any = object.__new__(kind)
    if not is_estimator(made) or not _may_travel(made, attributes):
        raise BadValue(f"A {payload[1]} does not travel with these attributes.")
    if not all(travels(item) for item in attributes.values()):
        raise BadValue(f"A {payload[1]} came with something that is no plain data.")
    vars(made).update(attributes)
    return made


def _attribute(key: object) -> str:
    if type(key) is not str or not key.isidentifier() or key.startswith("__"):
        raise BadValue("An estimator's attribute has no proper name.")
    return key
