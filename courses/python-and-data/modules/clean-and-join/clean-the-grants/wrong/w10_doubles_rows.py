# expect: test_add_region | your function made 4 rows out of 3 grants | 7

# %% task="add_region"
def add_region(grants, regions):
    joined = grants.merge(regions, left_on="area_code", right_on="code", how="left")
    return joined, sorted(joined[joined["region"].isna()]["area_code"].unique())
