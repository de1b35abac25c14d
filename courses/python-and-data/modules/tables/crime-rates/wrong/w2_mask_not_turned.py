# expect: test_areas_only | Turn the mask round | 6

# %% task="areas_only"
def areas_only(table):
    is_total = table["area"] == "ALL AREAS"
    return table[is_total]
