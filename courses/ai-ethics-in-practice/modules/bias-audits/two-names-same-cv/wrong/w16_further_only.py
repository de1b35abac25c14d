# expect: test_by_chance | You left out the rounds that are exactly as far | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    return float(np.mean([abs((rng.choice([-1, 1], len(d)) * d).sum()) > abs(d.sum()) for _ in range(rounds)]))
