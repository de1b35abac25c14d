# expect: test_gap | A group with exactly min_n claims stays in | 10

# %% task="gap"
def gap(rates, metric, min_n=30):
    """(largest minus smallest value, group with the largest value, groups left out)."""
    kept = rates[rates["n"] > min_n]  # leaves out a group of exactly min_n
    left_out = sorted(rates.index[rates["n"] <= min_n])
    if len(kept) < 2:
        return None, None, left_out
    return kept[metric].max() - kept[metric].min(), kept[metric].idxmax(), left_out
