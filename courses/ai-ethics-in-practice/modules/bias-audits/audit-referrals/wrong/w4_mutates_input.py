# expect: test_group_rates | Your function changed the table it was given | 8

# %% task="group_rates"
def group_rates(df, group):
    """Rates for each group; missing group values count as 'not stated'."""
    df[group] = df[group].fillna("not stated")  # changes the table of the caller
    labels = df[group]
    rows = {}
    for name, g in df.groupby(labels):
        rows[name] = {
            "n": len(g),
            "referral_rate": g["referred"].mean(),
            "fpr": g.loc[g["overpaid"] == 0, "referred"].mean(),
            "fnr": 1 - g.loc[g["overpaid"] == 1, "referred"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
