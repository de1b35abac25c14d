# expect: test_to_pounds | 1 of 4 amounts have become gaps | 8

# %% task="to_pounds"
def to_pounds(column):
    text = column.str.replace("£", "").str.replace(",", "")
    return pd.to_numeric(text.str.strip(), errors="coerce")  # GBP amounts vanish
