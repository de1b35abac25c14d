# expect: test_to_dates | in the American way | 7

# %% task="to_dates"
def to_dates(column):
    return pd.to_datetime(column, format="mixed", errors="coerce")  # reads 03/04 as 4 March
