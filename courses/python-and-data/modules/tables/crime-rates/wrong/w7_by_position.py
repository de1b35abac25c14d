# expect: test_top_rates | were divided by the people of Cole | 5

# %% task="top_rates"
def top_rates(counts, population, k=5):
    people = population["population"].to_numpy()[: len(counts)]  # takes the rows as they come
    rates = 1000 * counts / people
    return rates.sort_values(ascending=False).head(k)
