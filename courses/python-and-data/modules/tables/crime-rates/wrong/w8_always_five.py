# expect: test_top_rates | should give two areas | 5

# %% task="top_rates"
def top_rates(counts, population, k=5):
    people = population.set_index("area")["population"]
    rates = (1000 * counts / people).dropna()
    return rates.sort_values(ascending=False).head(5)  # forgets k
