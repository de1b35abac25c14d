# %%
import pandas as pd

table = pd.read_csv("a_file_that_nobody_laid_beside_it.csv")

# %% task="total"
total = 0

# %% test="test_total" points=1
assert total == table["amount"].sum()
