# expect: test_top_rates | that is for each 100 people | 5

# %% task="top_rates"
def top_rates(counts, population, k=5):
    people = population.set_index("area")["population"]
    rates = (100 * counts / people).dropna()
    return rates.sort_values(ascending=False).head(k)
