# expect: test_by_chance | that is the size of the difference | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    return float(abs(np.asarray(differences).mean()))
