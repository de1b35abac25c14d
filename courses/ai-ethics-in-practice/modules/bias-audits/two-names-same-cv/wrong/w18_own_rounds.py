# expect: test_by_chance | each of the rounds | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    sums = [abs((rng.choice([-1, 1], len(d)) * d).sum()) for _ in range(4001)]  # whatever rounds says
    return float(np.mean(np.array(sums) >= abs(d.sum())))
