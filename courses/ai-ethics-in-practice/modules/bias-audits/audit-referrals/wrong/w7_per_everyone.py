# expect: test_group_rates | you divided by everyone in the group | 8

# %% task="group_rates"
def group_rates(df, group):
    """Rates for each group; missing group values count as 'not stated'."""
    labels = df[group].fillna("not stated")
    rows = {}
    for name, g in df.groupby(labels):
        rows[name] = {
            "n": len(g),
            "referral_rate": g["referred"].mean(),
            "fpr": ((g["overpaid"] == 0) & (g["referred"] == 1)).mean(),  # divides by everyone
            "fnr": 1 - g.loc[g["overpaid"] == 1, "referred"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
