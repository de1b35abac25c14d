# expect: test_alt_text | what a screen reader says anyway | 5

# %% task="alt_text"
def alt_text(rates):
    highest = rates[["disease_rate", "wounds_rate", "other_rate"]].max()
    column = highest.idxmax()
    name = rates.loc[rates[column].idxmax(), "month"].strftime("%B %Y")
    return f"Image of a line chart. {column.replace('_rate', '')} was highest in {name}, with {highest[column]:.0f}."
