# expect: test_to_pounds | went on as if all was well | 8

# %% task="to_pounds"
def to_pounds(column):
    text = column.str.replace("£", "").str.replace(",", "").str.replace("GBP", "").str.strip()
    return pd.to_numeric(text, errors="coerce")  # reads all four styles, and hides what is no amount
