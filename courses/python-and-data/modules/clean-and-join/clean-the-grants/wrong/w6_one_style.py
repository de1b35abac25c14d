# expect: test_to_dates | hides every date in another style | 7

# %% task="to_dates"
def to_dates(column):
    return pd.to_datetime(column, errors="coerce")  # goes by the style of the first row
