# expect: test_to_pounds | The column is still text | 8

# %% task="to_pounds"
def to_pounds(column):
    text = column.str.replace("£", "").str.replace(",", "")
    return text.str.replace("GBP", "").str.strip()
