# expect: test_by_chance | Toss a coin for EACH pair | 6

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    return float(np.mean([abs((rng.choice([-1, 1]) * d).sum()) >= abs(d.sum()) for _ in range(rounds)]))
