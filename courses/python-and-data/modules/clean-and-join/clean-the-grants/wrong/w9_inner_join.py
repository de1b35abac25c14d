# expect: test_add_region | because its code has no partner | 7

# %% task="add_region"
def add_region(grants, regions):
    joined = grants.merge(regions, left_on="area_code", right_on="code", validate="many_to_one")
    return joined, sorted(set(grants["area_code"]) - set(regions["code"]))
