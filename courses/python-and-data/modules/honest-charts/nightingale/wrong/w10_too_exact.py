# expect: test_alt_text | more exact than anybody can hear | 5

# %% task="alt_text"
def alt_text(rates):
    highest = rates[["disease_rate", "wounds_rate", "other_rate"]].max()
    column = highest.idxmax()
    name = rates.loc[rates[column].idxmax(), "month"].strftime("%B %Y")
    return f"Line chart. The highest is {column.replace('_rate', '')} in {name}, with {highest[column]}."
