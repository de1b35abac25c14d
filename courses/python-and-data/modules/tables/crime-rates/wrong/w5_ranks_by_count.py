# expect: test_top_rates | Sort by the rate and not by the count | 5

# %% task="top_rates"
def top_rates(counts, population, k=5):
    people = population.set_index("area")["population"]
    top = counts.sort_values(ascending=False).head(k)
    return 1000 * top / people.loc[top.index]
