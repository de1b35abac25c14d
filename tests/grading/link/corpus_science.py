# ruff: noqa: E501 (cells as they stand in notebooks)
"""Test cells about tables, arrays, charts and models."""

from tests.grading.link.corpus import Case

PD = "import numpy as np\nimport pandas as pd\nsales = pd.DataFrame({'shop': list('aabb'), 'n': [1, 2, 3, 4], 'when': pd.date_range('2026-01-01', periods=4, freq='MS')})"
MPL = "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd"
SK = (
    "import numpy as np\nfrom sklearn.datasets import make_classification, make_regression\nfrom sklearn.linear_model import LinearRegression, LogisticRegression\n"
    "from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor\nfrom sklearn.tree import DecisionTreeClassifier\nfrom sklearn.pipeline import Pipeline, make_pipeline\n"
    "from sklearn.preprocessing import OneHotEncoder, StandardScaler\nfrom sklearn.compose import ColumnTransformer\nfrom sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split\n"
    "from sklearn.metrics import accuracy_score\nfrom sklearn.cluster import KMeans\nX, y = make_classification(200, 5, random_state=0)\nXr, yr = make_regression(120, 3, random_state=1)"
)

CASES = [
    Case(
        "table_by_group",
        "by_shop = sales.groupby('shop')\ntotals = by_shop['n'].sum()",
        "by_shop = sales.groupby('n')\ntotals = sales['n']",
        "assert by_shop.ngroups == 2 and list(by_shop.groups) == ['a', 'b']\npd.testing.assert_series_equal(totals, pd.Series([3, 7], index=pd.Index(['a', 'b'], name='shop'), name='n'))\nfor name, part in by_shop:\n    assert len(part) == 2\nassert by_shop.get_group('b')['n'].tolist() == [3, 4]",
        PD,
    ),
    Case(
        "rolling_window",
        "r = sales['n'].rolling(2)\nmeans = r.mean()",
        "r = sales['n'].rolling(3)\nmeans = r.mean()",
        "assert r.window == 2\nassert means.isna().sum() == 1 and means.iloc[1] == 1.5\nassert r.sum().iloc[-1] == 7",
        PD,
    ),
    Case(
        "table_is_not_changed",
        "def add_tax(d):\n    return d.assign(tax=d['n'] * 0.2)",
        "def add_tax(d):\n    d['tax'] = d['n'] * 0.2\n    return d",
        "d = sales.copy()\nout = add_tax(d)\nassert 'tax' not in d.columns, 'leave the table alone'\nassert out['tax'].round(1).tolist() == [0.2, 0.4, 0.6, 0.8] and out is not d",
        PD,
    ),
    Case(
        "table_changed_in_place",
        "def drop_small(d):\n    d.drop(d.index[d['n'] < 3], inplace=True)",
        "def drop_small(d):\n    return d[d['n'] >= 3]",
        "d = sales.copy()\nassert drop_small(d) is None\nassert d['n'].tolist() == [3, 4] and d.index.tolist() == [2, 3]",
        PD,
    ),
    Case(
        "table_with_every_kind",
        "t = sales.assign(c=pd.Categorical(['x', 'y', 'x', None]), i=pd.array([1, None, 3, 4], dtype='Int64'), b=[True, False, True, True])\nm = t.set_index(['shop', 'n'])",
        "t = sales.assign(c=['x', 'y', 'x', None], i=[1, None, 3, 4], b=1)\nm = t",
        "assert str(t['c'].dtype) == 'category' and t['i'].dtype == 'Int64' and t['b'].dtype == bool\nassert t['i'].isna().tolist() == [False, True, False, False]\nassert m.index.names == ['shop', 'n'] and m.loc[('b', 4), 'i'] == 4\nassert t['when'].dt.month.tolist() == [1, 2, 3, 4]",
        PD,
    ),
    Case(
        "dates_resampled",
        "monthly = sales.set_index('when')['n'].resample('QS').sum()",
        "monthly = sales['n']",
        "assert isinstance(monthly.index, pd.DatetimeIndex) and monthly.index.freqstr.startswith('QS')\nassert monthly.iloc[0] == 6 and monthly.index[1] == pd.Timestamp('2026-04-01')",
        PD,
    ),
    Case(
        "function_given_to_apply",
        "def band(n):\n    return 'low' if n < 3 else 'high'",
        "def band(n):\n    return 'low'",
        "assert sales['n'].apply(band).tolist() == ['low', 'low', 'high', 'high']\nassert sales['n'].map(band).value_counts()['high'] == 2",
        PD,
    ),
    Case(
        "array_changed_in_place",
        "def clip(a, top):\n    a[a > top] = top",
        "def clip(a, top):\n    return np.minimum(a, top)",
        "a = np.array([1, 5, 9])\nview = a[1:]\nclip(view, 6)\nassert a.tolist() == [1, 5, 6]",
        "import numpy as np",
    ),
    Case(
        "array_types",
        "z = np.zeros((2, 3), dtype=np.int32)\nc = np.array([1 + 2j])\nd = np.array(['2026-01-01'], dtype='datetime64[D]')\nb = np.float32(0.5)",
        "z = np.zeros((2, 3))\nc = np.array([1])\nd = np.array(['2026-01-01'])\nb = 0.5",
        "assert z.dtype == np.int32 and z.shape == (2, 3) and c[0].imag == 2\nassert d.dtype.kind == 'M' and isinstance(b, np.float32)",
        "import numpy as np",
    ),
    Case(
        "vectorised_not_looped",
        "def dist(a, b):\n    return np.sqrt(((a - b) ** 2).sum(axis=-1))",
        "def dist(a, b):\n    return 5.0",
        "a = np.arange(6.0).reshape(3, 2)\nnp.testing.assert_allclose(dist(a, np.zeros(2)), np.linalg.norm(a, axis=1))\nassert dist(a, a).shape == (3,)",
        "import numpy as np",
    ),
    Case(
        "chart_with_labels",
        "fig, (ax, bx) = plt.subplots(1, 2)\nax.plot([1, 2], [3, 4], 'r--', label='a')\nax.set(title='T', xlabel='x', ylim=(0, 5))\nax.legend(loc='upper left')\nbx.hist([1, 1, 2], bins=2)",
        "fig, (ax, bx) = plt.subplots(1, 2)\nax.plot([1, 2], [3, 5])",
        "from matplotlib.figure import Figure\nassert type(fig) == Figure and isinstance(fig, Figure) and isinstance(ax, plt.Axes)\nassert len(fig.axes) == 2 and fig.axes[0] is ax\nline = ax.get_lines()[0]\nassert line.get_linestyle() == '--' and line.get_color() == 'r'\nnp.testing.assert_array_equal(line.get_xydata(), [[1, 3], [2, 4]])\n"
        "assert ax.get_title() == 'T' and ax.get_ylim() == (0, 5) and ax.get_legend() and ax.get_legend() is not None\nassert ax.get_legend()._loc == 2\nassert [p.get_height() for p in bx.patches] == [2, 1]",
        MPL,
    ),
    Case(
        "private_attributes_of_axes",
        "fig, ax = plt.subplots()\nax.set_title('left', loc='left')\nax.set_xscale('log')",
        "fig, ax = plt.subplots()",
        "assert ax._left_title.get_text() == 'left'\nassert ax.xaxis._scale.name == 'log' and ax.get_xscale() == 'log'",
        MPL,
    ),
    Case(
        "axes_of_the_test",
        "def draw(ax, ys):\n    ax.bar(range(len(ys)), ys, color='green')\n    ax.set_ylabel('count')\n    return ax",
        "def draw(ax, ys):\n    return ax",
        "fig, ax = plt.subplots()\nassert draw(ax, [1, 2]) is ax\nassert [b.get_height() for b in ax.patches] == [1, 2] and ax.get_ylabel() == 'count'\nplt.close(fig)",
        MPL,
    ),
    Case(
        "current_axes",
        "def sketch(xs):\n    plt.figure()\n    plt.scatter(xs, xs)\n    plt.title('dots')",
        "def sketch(xs):\n    plt.figure()",
        "sketch([1, 2, 3])\nax = plt.gca()\nassert ax.get_title() == 'dots' and len(ax.collections) == 1\nassert ax.collections[0].get_offsets().shape == (3, 2)\nplt.close('all')",
        MPL,
    ),
    Case(
        "plotted_by_pandas",
        "def chart(d):\n    return d.plot.barh(x='k', y='v', legend=False)",
        "def chart(d):\n    return d.plot.bar(x='k', y='v')",
        "ax = chart(pd.DataFrame({'k': ['a', 'b'], 'v': [1, 2]}))\nassert [p.get_width() for p in ax.patches] == [1, 2]\nassert ax.get_legend() is None",
        MPL,
    ),
    Case(
        "linear_model",
        "model = LinearRegression().fit(Xr, yr)",
        "model = LinearRegression()",
        "from sklearn.utils.validation import check_is_fitted\nassert isinstance(model, LinearRegression) and type(model) is LinearRegression\ncheck_is_fitted(model)\nassert model.coef_.shape == (3,) and model.score(Xr, yr) > 0.99\nassert np.allclose(model.predict(Xr[:2]), yr[:2])",
        SK,
    ),
    Case(
        "pipeline_with_columns",
        "import pandas as pd\nD = pd.DataFrame({'a': [1.0, 2, 3, 4], 'b': list('xyxy')})\npre = ColumnTransformer([('num', StandardScaler(), ['a']), ('cat', OneHotEncoder(), ['b'])])\npipe = Pipeline([('pre', pre), ('clf', LogisticRegression())]).fit(D, [0, 0, 1, 1])",
        "D = None\npre = None\npipe = LogisticRegression()",
        "assert list(pipe.named_steps) == ['pre', 'clf'] and isinstance(pipe['clf'], LogisticRegression)\nassert pipe.score(D, [0, 0, 1, 1]) == 1.0\nassert list(pipe[:-1].get_feature_names_out()) == ['num__a', 'cat__b_x', 'cat__b_y']\nassert pipe.predict(D).tolist() == [0, 0, 1, 1]",
        SK,
    ),
    Case(
        "forest_fitted",
        "def train(X, y):\n    return RandomForestClassifier(20, random_state=0).fit(X, y)",
        "def train(X, y):\n    return RandomForestClassifier(20, random_state=0)",
        "m = train(X[:150], y[:150])\nassert isinstance(m, RandomForestClassifier) and m.n_estimators == 20\nassert m.score(X[150:], y[150:]) > 0.7\nassert accuracy_score(y[150:], m.predict(X[150:])) == m.score(X[150:], y[150:])\nassert len(m.estimators_) == 20 and m.feature_importances_.shape == (5,) and m.predict_proba(X[:2]).shape == (2, 2)",
        SK,
    ),
    Case(
        "forest_in_a_pipeline",
        "m = make_pipeline(StandardScaler(), RandomForestRegressor(30, random_state=0)).fit(Xr, yr)",
        "m = make_pipeline(StandardScaler(), RandomForestRegressor(30, random_state=0))",
        "assert isinstance(m, Pipeline) and m.score(Xr, yr) > 0.8\nassert isinstance(m.steps[-1][1], RandomForestRegressor)",
        SK,
    ),
    Case(
        "grid_search",
        "g = GridSearchCV(DecisionTreeClassifier(random_state=0), {'max_depth': [1, 3]}, cv=3).fit(X, y)",
        "g = GridSearchCV(DecisionTreeClassifier(random_state=0), {'max_depth': [1, 3]}, cv=3)",
        "assert isinstance(g, GridSearchCV) and g.best_params_['max_depth'] in (1, 3) and g.best_score_ > 0.6\nassert g.score(X, y) > 0.7 and isinstance(g.best_estimator_, DecisionTreeClassifier)\nassert len(g.cv_results_['params']) == 2",
        SK,
    ),
    Case(
        "cross_validated",
        "tree = DecisionTreeClassifier(max_depth=2, random_state=0)\nforest = RandomForestClassifier(5, random_state=0).fit(X, y)",
        "tree = None\nforest = None",
        "assert cross_val_score(tree, X, y, cv=3).mean() > 0.6\nassert cross_val_score(forest, X, y, cv=3).mean() > 0.6",
        SK,
    ),
    Case(
        "custom_estimator",
        "from sklearn.base import BaseEstimator, ClassifierMixin\nclass Most(ClassifierMixin, BaseEstimator):\n    def __init__(self, bias=0):\n        self.bias = bias\n    def fit(self, X, y):\n        self.classes_ = np.unique(y)\n        self.most_ = np.bincount(y).argmax()\n        return self\n    def predict(self, X):\n        return np.full(len(X), self.most_)",
        "class Most:\n    def __init__(self, bias=0):\n        pass\n    def fit(self, X, y):\n        return self\n    def predict(self, X):\n        return np.zeros(len(X)) + 5",
        "from sklearn.base import BaseEstimator\nm = Most(bias=2)\nassert isinstance(m, BaseEstimator) and m.get_params() == {'bias': 2} and m.fit(X, y) is m\nassert 0.4 < m.score(X, y) < 0.6 and type(m).__name__ == 'Most'\nassert cross_val_score(Most(), X, y, cv=3).shape == (3,)",
        SK,
    ),
    Case(
        "model_as_argument",
        "def evaluate(model, X, y):\n    model.fit(X[:100], y[:100])\n    return (model.predict(X[100:]) == y[100:]).mean()",
        "def evaluate(model, X, y):\n    return 0.1",
        "m = LogisticRegression()\nassert evaluate(m, X, y) > 0.6\nassert hasattr(m, 'coef_'), 'fit the model that was given'\nassert evaluate(DecisionTreeClassifier(random_state=0), X, y) > 0.6\n"
        "class Fake:\n    def fit(self, X, y): self.n = len(X)\n    def predict(self, X): return np.zeros(len(X), int)\nf = Fake()\nassert 0 <= evaluate(f, X, y) <= 1 and f.n == 100",
        SK,
    ),
    Case(
        "clusters",
        "k = KMeans(3, n_init=2, random_state=0).fit(X)",
        "k = KMeans(2, n_init=2, random_state=0).fit(X)",
        "assert k.cluster_centers_.shape == (3, 5) and set(k.labels_) == {0, 1, 2} and k.inertia_ > 0\nassert (k.predict(X) == k.labels_).all()",
        SK,
    ),
]
