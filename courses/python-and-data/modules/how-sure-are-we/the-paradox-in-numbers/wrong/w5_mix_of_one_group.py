# expect: test_same_mix_rates | Neither group should set the mix alone | 5

# %% task="same_mix_rates"
def same_mix_rates(table):
    rates = table.assign(rate=table["cases"] / table["n"]).pivot(index="part", columns="group", values="rate")
    first = table["group"].iloc[0]
    people = table[table["group"] == first].set_index("part")["n"]  # one group sets the mix for both
    return rates.mul(people, axis=0).sum() / people.sum()
