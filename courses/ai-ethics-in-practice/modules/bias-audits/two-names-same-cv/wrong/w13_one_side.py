# expect: test_by_chance | You counted one side only | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    return float(np.mean([(rng.choice([-1, 1], len(d)) * d).sum() >= d.sum() for _ in range(rounds)]))
