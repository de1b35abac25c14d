# expect: test_to_dates | turns the international style round as well | 7

# %% task="to_dates"
def to_dates(column):
    return pd.to_datetime(column, format="mixed", dayfirst=True, errors="coerce")
