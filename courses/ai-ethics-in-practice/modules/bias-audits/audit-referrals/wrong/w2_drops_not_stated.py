# expect: test_group_rates | did not state a language are missing from your table | 8

# %% task="group_rates"
def group_rates(df, group):
    """Rates for each group; missing group values count as 'not stated'."""
    labels = df[group]  # groupby leaves out the missing values
    rows = {}
    for name, g in df.groupby(labels):
        rows[name] = {
            "n": len(g),
            "referral_rate": g["referred"].mean(),
            "fpr": g.loc[g["overpaid"] == 0, "referred"].mean(),
            "fnr": 1 - g.loc[g["overpaid"] == 1, "referred"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
